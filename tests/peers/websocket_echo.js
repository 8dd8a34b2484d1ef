// websocket_echo.js PORT: echoes over WebSockets; closes with code 4000 and a reason when told "close".
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  maxPayload: 0,
  perMessageDeflate: { threshold: 0 },
  handleProtocols: (protocols) => (protocols.has('echo') ? 'echo' : false),
});

server.on('connection', (socket) => {
  socket.on('message', (data, binary) => {
    const text = binary ? '' : data.toString();
    if (text === 'close') {
      socket.close(4000, 'as you wish');
    } else if (text === 'ping') {
      socket.once('pong', () => socket.send('pong'));
      socket.ping('from the server');
    } else {
      socket.send(data, { binary });
    }
  });
});
server.on('listening', () => console.log('listening'));

// Draws the charts of a report from the data that the page holds.
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const home = document.querySelector(".charts");
  if (!home || !window.Chart) return;

  const light = ["#2f6fde", "#e07b16", "#1f9d63", "#8f4bd1", "#c2334d", "#0e8fa3", "#8a6d1b", "#5b6675"];
  const dark = ["#6ea3ff", "#ffac5c", "#5ed39a", "#c08cf5", "#ff7d92", "#54cfe0", "#dcb94f", "#9aa6b5"];
  const darkMedia = window.matchMedia("(prefers-color-scheme: dark)");
  let printing = false;
  let charts = [];

  function palette() {
    return darkMedia.matches && !printing ? dark : light;
  }

  function styleOf(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function digits(value) {
    const size = Math.abs(value);
    if (size >= 100) return Math.round(value).toLocaleString("en-US");
    return String(Number(value.toPrecision(3)));
  }

  function timeText(milliseconds) {
    const size = Math.abs(milliseconds);
    if (size === 0) return "0";
    if (size < 1) return digits(milliseconds * 1000) + " µs";
    if (size < 1000) return digits(milliseconds) + " ms";
    if (size < 60000) return digits(milliseconds / 1000) + " s";
    return digits(milliseconds / 60000) + " min";
  }

  function dataText(bytes) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (Math.abs(bytes) >= 1000 && unit < units.length - 1) {
      bytes /= 1000;
      unit += 1;
    }
    return digits(bytes) + " " + units[unit];
  }

  const texts = { time: timeText, data: dataText, default: digits };

  // The seconds of a run as 1:02:03.
  function clock(seconds) {
    const whole = Math.round(seconds);
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    const rest = two(minutes) + ":" + two(whole % 60);
    return hours > 0 ? hours + ":" + rest : rest;
  }

  function points(values) {
    return values.map((value, i) => ({ x: (data.from[i] + data.to[i]) / 2, y: value }));
  }

  // A run of one step would be a line of no length.
  function radius() {
    return data.from.length < 40 ? 2 : 0;
  }

  function line(label, values, place, more) {
    const colour = palette()[place % palette().length];
    return Object.assign({
      label: label, data: points(values), borderColor: colour, backgroundColor: colour,
      borderWidth: 1.5, pointRadius: radius(), pointHitRadius: 8, spanGaps: false,
    }, more);
  }

  function scale(text, more) {
    return Object.assign({
      grid: { color: styleOf("--line") },
      border: { color: styleOf("--line") },
      ticks: { color: styleOf("--faint"), callback: (value) => text(value), maxTicksLimit: 7, maxRotation: 0 },
    }, more);
  }

  function timeOptions(text) {
    const last = data.to.length ? data.to[data.to.length - 1] : 1;
    return {
      animation: false, parsing: false, normalized: true, maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: scale(clock, { type: "linear", min: 0, max: last }),
        y: scale(text, { beginAtZero: true }),
      },
      plugins: {
        legend: { labels: { color: styleOf("--text"), boxWidth: 12, boxHeight: 2 } },
        decimation: { enabled: true, algorithm: "min-max" },
        tooltip: {
          callbacks: {
            title: (items) => items.length ? clock(items[0].parsed.x) : "",
            label: (item) => item.dataset.label + ": " + text(item.parsed.y),
          },
        },
      },
    };
  }

  function box(title) {
    const figure = document.createElement("div");
    figure.className = "chart";
    const heading = document.createElement("h3");
    heading.textContent = title;
    const area = document.createElement("div");
    area.className = "box";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    area.appendChild(canvas);
    figure.appendChild(heading);
    figure.appendChild(area);
    home.appendChild(figure);
    return { heading: heading, canvas: canvas };
  }

  function draw(canvas, config) {
    const chart = new window.Chart(canvas, config);
    charts.push(chart);
    return chart;
  }

  function rateChart() {
    const sets = data.rates.map((rate, i) => line(rate.name + "/s", rate.values, i));
    if (data.failures.some((value) => value > 0)) sets.push(line("failures/s", data.failures, 4));
    draw(box("Rate").canvas, { type: "line", data: { datasets: sets }, options: timeOptions(digits) });
  }

  function vusChart() {
    const set = line("VUs", data.vus, 3, { stepped: "middle", fill: false });
    draw(box("VUs").canvas, { type: "line", data: { datasets: [set] }, options: timeOptions(digits) });
  }

  function statusChart() {
    if (!data.statuses.length) return;
    const sets = data.statuses.map((status, i) => line(status.name, status.values, i));
    draw(box("Responses per second by status").canvas,
      { type: "line", data: { datasets: sets }, options: timeOptions(digits) });
  }

  function nameCharts() {
    if (!data.names.length) return;
    const sets = (key) => data.names.map((name, i) => line(name[key].name, name[key].values, i));
    draw(box("Requests per second by name").canvas,
      { type: "line", data: { datasets: sets("rate") }, options: timeOptions(digits) });
    draw(box("p95 by name").canvas,
      { type: "line", data: { datasets: sets("p95") }, options: timeOptions(timeText) });
  }

  function latencyConfig(trend) {
    const names = [["p50", "p50"], ["p95", "p95"], ["p99", "p99"], ["p100", "max"]];
    const sets = names.map(([key, label], i) =>
      line(label, trend[key], i, key === "p100" ? { hidden: true } : {}));
    return { type: "line", data: { datasets: sets }, options: timeOptions(texts[trend.unit]) };
  }

  function histogramConfig(trend) {
    const text = texts[trend.unit];
    const colour = palette()[0];
    return {
      type: "bar",
      data: {
        labels: trend.bars.map((bar) => text(bar[0])),
        datasets: [{
          label: "values", data: trend.bars.map((bar) => bar[2]), backgroundColor: colour,
          barPercentage: 1, categoryPercentage: 0.95,
        }],
      },
      options: {
        animation: false, maintainAspectRatio: false,
        scales: {
          x: scale(null, { grid: { display: false }, ticks: { color: styleOf("--faint"), maxRotation: 0, autoSkipPadding: 12 } }),
          y: scale(digits, { beginAtZero: true }),
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              title: (items) => {
                const bar = trend.bars[items[0].dataIndex];
                return text(bar[0]) + " to " + text(bar[1]);
              },
            },
          },
        },
      },
    };
  }

  // 2 nines are 99 %.
  function ninesText(nines) {
    if (nines === 0) return "0%";
    return String(Number((100 * (1 - Math.pow(10, -nines))).toFixed(Math.max(0, nines - 2)))) + "%";
  }

  function ninesConfig(trend) {
    const text = texts[trend.unit];
    const options = timeOptions(text);
    const most = trend.nines[trend.nines.length - 1][0];
    options.scales.x = scale(ninesText, { type: "linear", min: 0, max: most });
    options.scales.x.ticks.stepSize = 1;
    options.scales.x.ticks.callback = (value) => Number.isInteger(value) ? ninesText(value) : "";
    options.plugins.legend = { display: false };
    options.plugins.tooltip.callbacks.title = (items) =>
      items.length ? "p" + Number((100 * (1 - Math.pow(10, -items[0].parsed.x))).toPrecision(6)) : "";
    const set = line(trend.name, [], 0, { data: trend.nines.map((pair) => ({ x: pair[0], y: pair[1] })), pointRadius: 0 });
    return { type: "line", data: { datasets: [set] }, options: options };
  }

  // A chart of one of the trends; which of them is chosen above it.
  function trendChart(title, trends, config) {
    if (!trends.length) return;
    const place = box(title);
    const select = document.createElement("select");
    select.setAttribute("aria-label", title + ": metric");
    trends.forEach((trend, i) => select.add(new Option(trend.name, String(i))));
    place.heading.appendChild(select);
    let chart = draw(place.canvas, config(trends[0]));
    select.addEventListener("change", () => {
      charts = charts.filter((other) => other !== chart);
      chart.destroy();
      chart = draw(place.canvas, config(trends[Number(select.value)]));
    });
  }

  function drawAll() {
    charts.forEach((chart) => chart.destroy());
    charts = [];
    home.textContent = "";
    home.classList.toggle("paper", printing);
    rateChart();
    trendChart("Latency", data.trends, latencyConfig);
    vusChart();
    statusChart();
    nameCharts();
    trendChart("Distribution", data.distributions.filter((trend) => trend.bars.length > 0), histogramConfig);
    trendChart("Percentiles", data.distributions, ninesConfig);
    document.body.dataset.charts = String(charts.length);
  }

  drawAll();
  darkMedia.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", () => {
    printing = true;
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
    drawAll();
  });
  window.addEventListener("afterprint", () => { printing = false; drawAll(); });
})();

"""What the benches share: starting clients and servers, reading what they cost, printing tables."""

"""The benchmark suite. run.py is where it starts; scenarios.py says what is measured, peers.py beside whom."""

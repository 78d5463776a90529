"""What is fast, side by side. Timings are printed here and asserted nowhere: machines are shared."""

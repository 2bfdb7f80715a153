/// Whether two numbers differ by at most `tolerance` relative to the second.
func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  abs(a - b) <= tolerance * abs(b)
}

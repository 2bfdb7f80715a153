import Devices
import Testing

@Suite struct QuantityTests {
  @Test(
    "A prefix leaves one to three digits before the point",
    arguments: [
      (5e-5, "S", "50 µS"), (3.16e-6, "S", "3.16 µS"), (1e-7, "s", "100 ns"),
      (-0.8, "V", "-800 mV"),
      (1.15, "V", "1.15 V"), (0, "V", "0 V"), (100, "°C", "100 °C"), (1e-6, "S", "1 µS"),
      (20.5, "°C", "20.5 °C"),
    ])
  func description(_ value: Double, _ unit: String, _ expected: String) {
    #expect(Quantity(value, unit).description == expected)
  }
}

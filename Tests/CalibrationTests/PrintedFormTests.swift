import Calibration
import Devices
import Testing

/// The readings of Table I that public codes use.
@Suite struct PrintedFormTests {
  /// nili2020 in another form, spreads as the polynomials give them.
  func model(_ form: NiliPulseResponse.Form) throws -> NiliPulseResponse {
    let device = try Calibration.load("nili2020").device
    var model = try #require(device.pulseModel as? NiliPulseResponse)
    model.form = form
    model.set.spreadBounds = nil
    model.reset.spreadBounds = nil
    return model
  }

  @Test("SET 50 µS, +1.0 V, 100 µs, decimal logarithm of seconds")
  func decimalSeconds() throws {
    let response = try model(.printedLog10Seconds).response(
      to: Pulse(voltage: 1, width: 1e-4), conductance: 50e-6)
    #expect(isClose(response.meanStep, 5.188_639_625_4e-5, 1e-9))
    #expect(isClose(response.relativeSpread, -0.74, 1e-9))
  }

  @Test("SET 50 µS, +1.0 V, 100 µs, natural logarithm of seconds")
  func naturalSeconds() throws {
    let response = try model(.printedLnSeconds).response(
      to: Pulse(voltage: 1, width: 1e-4), conductance: 50e-6)
    #expect(isClose(response.meanStep, 6.103_758_216_3e-7, 1e-9))
    #expect(isClose(response.relativeSpread, -1.125_295_803_2, 1e-9))
  }

  @Test("Steps of the code published for arXiv:2111.14484 at ±0.8 V, 100 ns, by bin")
  func naturalNanoseconds() throws {
    let calibration = try Calibration.load("satyam2021-as-published")
    let model = try #require(calibration.device.pulseModel as? NiliPulseResponse)
    #expect(model.form == .printedLnNanoseconds)
    let set = [1.85, 4.97, 8.44, 13.4, 16.4, 16.9, 13.8, 13.7]
    let reset = [0, -0.02, -0.27, -0.80, -1.77, -2.36, -3.72, -4.96]
    for bin in 0..<8 {
      let raised = model.response(to: calibration.operation.setPulse, bin: bin)
      let lowered = model.response(to: calibration.operation.resetPulse, bin: bin)
      #expect(abs(raised.meanStep * 1e6 - set[bin]) < (set[bin] > 10 ? 0.0501 : 0.00501))
      #expect(abs(lowered.meanStep * 1e6 - reset[bin]) < 0.00501)
      #expect(raised.relativeSpread == 0)
      #expect(lowered.relativeSpread == 0)
    }
  }

  @Test("The published code's SET steps are 150 to 190 times those of the figures above 100 µS")
  func exaggeration() throws {
    let pulse = Pulse(voltage: 0.8, width: 1e-7)
    let figure = try model(.figure)
    let code = try model(.printedLnNanoseconds)
    for (bin, expected) in [(6, 0.096), (7, 0.071)] {
      let step = figure.response(to: pulse, bin: bin).meanStep
      #expect(abs(step * 1e6 - expected) < 0.00051)
      let ratio = code.response(to: pulse, bin: bin).meanStep / step
      #expect(ratio > 140 && ratio < 195, "\(ratio)")
    }
  }
}

import CCrossbarGAN
import Dispatch
import Foundation
import Testing

/// What a caller in C can do wrong, and two callers at once.
@Suite struct CInterfaceTests {
  @Test func closedAndInventedHandlesAreRefused() {
    var device: cgan_handle = 0
    #expect(cgan_calibration_open("ideal", &device, nil) == 0)
    #expect(device > 0)
    #expect(cgan_close(device, nil) == 0)
    #expect(cgan_close(device, nil) == 64)
    #expect(cgan_close(0, nil) == 64)
    var (conductance, voltage, current) = (5e-5, 0.1, 0.0)
    #expect(
      cgan_calibration_current(device, 1, &conductance, &voltage, nil, 25, 0, &current, nil) == 64)
  }

  @Test func missingArgumentsAreRefused() {
    var device: cgan_handle = 7
    #expect(cgan_calibration_open(nil, &device, nil) == 64)
    #expect(device == 0)
    #expect(cgan_calibration_open("ideal", nil, nil) == 64)
    #expect(cgan_calibration_open("ideal", &device, nil) == 0)
    defer { _ = cgan_close(device, nil) }
    #expect(cgan_calibration_current(device, 3, nil, nil, nil, 25, 0, nil, nil) == 64)
    #expect(cgan_calibration_current(device, Int.max, nil, nil, nil, 25, 0, nil, nil) == 64)
    #expect(cgan_solve(nil, 1, nil, nil, 0, nil, nil, nil, nil, nil) == 64)
    #expect(cgan_run(1, nil, nil, nil, nil) == 64)
  }

  @Test func failuresHaveTheCommandLinesSentence() throws {
    var (device, problem): (cgan_handle, UnsafeMutablePointer<CChar>?) = (0, nil)
    #expect(cgan_calibration_open("nobody", &device, &problem) == 66)
    let sentence = try #require(problem.map { String(cString: $0) })
    cgan_free(problem)
    #expect(sentence.hasPrefix("calibration \"nobody\": no calibration has this name"))
    let words = (["device", "show", "nobody"] as [String]).map { strdup($0) }
    defer { for word in words { free(word) } }
    var pointers = words.map { UnsafePointer<CChar>($0) }
    #expect(cgan_run(Int32(words.count), &pointers, nil, nil, &problem) == 66)
    #expect(problem.map { String(cString: $0) } == sentence)
    cgan_free(problem)
  }

  @Test func callersOfOneArrayWaitForOneAnother() {
    var crossbar: cgan_handle = 0
    #expect(cgan_crossbar_open("[wires]\nset = \"off\"\n", "test", 32, 8, &crossbar, nil) == 0)
    defer { _ = cgan_close(crossbar, nil) }
    let voltages = [Float](repeating: 0.05, count: 32)
    let handle = crossbar
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      var currents = [Float](repeating: .nan, count: 8)
      let code = cgan_crossbar_read(handle, 0, 1, voltages, &currents, nil)
      if code != 0 || currents.contains(where: \.isNaN) {
        Issue.record("a read among others failed with \(code)")
      }
    }
  }
}

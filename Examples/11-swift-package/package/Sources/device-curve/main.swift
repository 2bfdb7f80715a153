import CrossbarGAN

// A device, an array behind wires, and an array that learns.
let device = try MeasuredDevice("nili2020")
for step in 1...4 {
  let voltage = 0.05 * Double(step)
  print(voltage, "V:", try device.current(conductance: 50e-6, voltage: voltage), "A")
}

let states = [[50e-6, 80e-6], [30e-6, 60e-6]]
let wired = try WiredCrossbar(conductances: states, device: device)
print("bit lines:", try wired.currents([[0.1, 0.05]])[0], "A")

let array = try TrainableCrossbar(wordLines: 2, outputs: 1, configuration: Configuration())
try array.program([1, -1])
print("weights:", array.weights, "S; spent", array.expense.energy, "J")

import ArgumentParser

/// `array`: passive arrays with their wires, apart from any training.
struct ArrayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "array",
    abstract: "Solve, read, write, export and plot passive arrays with wire resistance.",
    discussion: """
      Examples:
        crossbar-gan array solve --conductances G.csv --inputs V.csv --out I.csv
        crossbar-gan array read --conductances G.csv --row 0 --column 3 --scheme floating
        crossbar-gan array write --conductances G.csv --row 0 --column 3 --scheme half --voltage 1.3
        crossbar-gan array export --conductances G.csv --inputs V.csv --spice array.cir
        crossbar-gan array plot --conductances G.csv --inputs V.csv --out voltages.png
        crossbar-gan array limits

      G.csv holds bare numbers in siemens, one word line per row; V.csv volts, one input per row.
      """,
    subcommands: [
      ArraySolveCommand.self, ArrayReadCommand.self, ArrayWriteCommand.self,
      ArrayExportCommand.self, ArrayPlotCommand.self, ArrayLimitsCommand.self,
    ])
}

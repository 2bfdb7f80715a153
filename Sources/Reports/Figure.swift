package import Failures
import Files
import Foundation

/// A figure that gnuplot draws; its script and its data stay beside the picture.
package struct Figure: Sendable {
  /// Name of the files, without their endings.
  package var name: String
  /// Commands that follow the head, which names terminal, output and grid.
  package var commands: String
  /// Files with data, by their names.
  package var data: [(name: String, text: String)]

  package init(name: String, commands: String, data: [(name: String, text: String)]) {
    self.name = name
    self.commands = commands
    self.data = data
  }

  /// The whole script.
  package var script: String {
    """
    set terminal svg size 760,480 font 'sans-serif,13' background '#ffffff'
    set encoding utf8
    set output \(Gnuplot.quoted(name + ".svg"))
    set datafile separator ' '
    set grid lc rgb '#dddddd'
    set key outside right
    \(commands)

    """
  }

  /// Writes script and data and draws `NAME.svg`.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate` or `inputOutput` when a file cannot be written.
  package func draw(in folder: String) throws(Failure) -> Gnuplot.Drawing {
    for (name, text) in data {
      try AtomicFile.write(text, to: "\(folder)/\(name)", links: .replaced)
    }
    try AtomicFile.write(script, to: "\(folder)/\(name).gp", links: .replaced)
    // The plotting program would write through a link.
    unlink("\(folder)/\(name).svg")
    return Gnuplot.draw(script: "\(name).gp", in: folder)
  }
}

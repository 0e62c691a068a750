package import Daemon
package import JSONText

/// Why a scenario file cannot be used: what, where, and what is allowed instead.
package struct ScenarioFileError: ExitCoding, Equatable, CustomStringConvertible {
  package let path: String
  /// Nil where the file itself cannot be read.
  package let place: TextPlace?
  package let sentence: String

  package init(path: String, place: TextPlace?, _ sentence: String) {
    self.path = path
    self.place = place
    self.sentence = sentence
  }

  package var exitCode: ExitCode { .badScenario }

  /// `file:line:column: sentence`, as compilers write it and editors follow it.
  package var description: String { "\(path):" + (place.map { "\($0):" } ?? "") + " \(sentence)" }
}

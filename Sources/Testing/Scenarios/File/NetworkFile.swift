import Daemon
import JSONText
package import Localnet

/// What `subnet up` starts in a folder: `network.json5`, a scenario without faults and expectations.
package struct NetworkFile: Sendable {
  /// What the file is called in every project.
  package static let fileName = "network.json5"
  private static let byteLimit = 1 << 20
  /// Where the file gives no number.
  private static let counts = (validators: 2, miners: 4)

  /// The network's name.
  package let name: NetworkName
  package let network: ScenarioNetwork
  package let groups: [NodeGroup]

  /// The file of a folder; nil where there is none.
  ///
  /// - Parameter folder: The one that this process works in without it.
  /// - Throws: With the place in the file and what is allowed there.
  package static func find(in folder: String? = nil) throws(ScenarioFileError) -> NetworkFile? {
    let path = folder.map { "\($0)/\(fileName)" } ?? fileName
    return FileMark(path) == nil ? nil : try NetworkFile(file: path)
  }

  package init(file path: String) throws(ScenarioFileError) {
    let document: JSON5Value
    do {
      document = try JSON5Value(parsing: GivenFile(path, for: "network").bytes(limit: NetworkFile.byteLimit))
    } catch let error as JSON5Error {
      throw ScenarioFileError(path: path, place: error.place, error.sentence)
    } catch let error as GivenFileError {
      throw ScenarioFileError(path: path, place: nil, error.sentence)
    } catch {
      throw ScenarioFileError(path: path, place: nil, "\(error)")
    }
    let reader = try ObjectReader(
      document, "a network file", keys: ["name", "network", "validators", "miners"], path: path)
    let given = try reader.required("name")
    guard let name = NetworkName(try reader.text("name", given)) else {
      throw reader.error("'name' is \(given.kind); expected 1 to 64 of a-z, 0-9, _ and -", at: given.place)
    }
    self.name = name
    network = try ScenarioNetwork(reader.required("network"), path: path)
    func count(_ number: Int) -> JSON5Value { JSON5Value(.integer(Int128(number)), at: reader.place) }
    groups = try GroupReader(path: path).groups(
      validators: reader["validators"] ?? count(NetworkFile.counts.validators),
      miners: reader["miners"] ?? count(NetworkFile.counts.miners), in: reader)
  }
}

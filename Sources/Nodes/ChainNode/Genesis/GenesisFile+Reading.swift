import Daemon
import JSONText
package import Primitives

extension GenesisFile {
  /// Reads a file.
  ///
  /// - Throws: `GivenFileError`, or `ChainNodeError.badGenesis`.
  package static func read(_ path: String, nodeKey: AccountID) throws -> ChainGenesis {
    let bytes = try GivenFile(path, for: "genesis").bytes(limit: byteLimit)
    let document: JSONText.JSONValue
    do {
      document = try JSONText.JSONValue(parsing: bytes)
    } catch {
      throw ChainNodeError.badGenesis("\(path): \(error)")
    }
    return try read(document, nodeKey: nodeKey)
  }
}

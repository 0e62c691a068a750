import Glibc
package import JSONText

/// One file of golden vectors.
package struct VectorFile: Hashable, Sendable, CustomStringConvertible {
  /// The folder it lies in: `yuma`, `fixedpoint`, `economy`, `registry`.
  package let topic: String
  /// The file's name without `.json` or `.json.gz`.
  package let name: String
  package let path: String

  package var description: String { "\(topic)/\(name)" }

  /// The document, read anew at each call.
  package func json() throws(VectorFileError) -> JSONValue { try JSONFile.read(path) }
}

/// Finds the golden vectors: those committed with the tests, and those the environment names.
package enum VectorLibrary {
  /// Names one more folder of the same layout: a folder a topic, any of which may be absent.
  package static let environmentVariable = "SUBNETKIT_VECTORS"

  /// The committed vectors' folder.
  package static let committedFolder: String = {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    return root.joined(separator: "/") + "/Tests/Conformance/Vectors"
  }()

  /// The folders that are searched, the committed one first.
  package static var folders: [String] {
    let extra = getenv(environmentVariable).map { String(cString: $0) } ?? ""
    return extra.isEmpty ? [committedFolder] : [committedFolder, extra]
  }

  /// Every file of a topic, by folder and then by name; none where the topic's folder is absent.
  package static func files(topic: String) -> [VectorFile] {
    folders.flatMap { folder in
      names(in: "\(folder)/\(topic)").compactMap { name in
        guard let stem = stem(of: name) else { return nil }
        return VectorFile(topic: topic, name: stem, path: "\(folder)/\(topic)/\(name)")
      }
    }
  }

  /// The topics (folders) that the searched folders hold, sorted, each once.
  package static func topics() -> [String] {
    let found = folders.flatMap { folder in names(in: folder).filter { !names(in: "\(folder)/\($0)").isEmpty } }
    return Set(found).sorted()
  }

  private static func stem(of name: String) -> String? {
    for ending in [".json", ".json.gz"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
    return nil
  }

  /// The names in a folder, sorted, without hidden ones; empty when it is not a readable folder.
  private static func names(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}

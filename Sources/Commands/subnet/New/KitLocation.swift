import Daemon
import Localnet

/// Where SubnetKit's sources are, which a Swift project depends on by path.
enum KitLocation {
  /// Finds them: where the user says, where this program was built from, or above where it lies.
  ///
  /// - Throws: A sentence that names `--kit`.
  static func find(given: String?, source: String = #filePath, program: String = pathOfThisProgram()) throws -> String {
    if let given {
      let path = absolutePath(given)
      guard isKit(path) else {
        throw CommandMistake("--kit is \"\(escapedText(given, limit: 256))\", where SubnetKit's Package.swift is not")
      }
      return path
    }
    // Sources/Commands/subnet/New/KitLocation.swift, as it was when this program was built.
    let built = source.split(separator: "/").dropLast(5).joined(separator: "/")
    for start in ["/" + built, program] {
      if let found = folders(above: start).first(where: isKit) { return found }
    }
    throw CommandMistake(
      "SubnetKit's sources, which a Swift project builds on, are not where this program was built: say where with --kit "
        + "PATH, or take --language python")
  }

  private static func isKit(_ folder: String) -> Bool {
    FileMark("\(folder)/Sources/Subnets/SubnetKit") != nil && FileMark("\(folder)/Package.swift") != nil
  }

  /// The folder itself, then those around it.
  private static func folders(above path: String) -> [String] {
    let parts = path.split(separator: "/")
    return (1...max(1, parts.count)).reversed().map { "/" + parts.prefix($0).joined(separator: "/") }
  }
}

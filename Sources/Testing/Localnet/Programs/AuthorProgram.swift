package import Daemon
import Glibc

/// An author's mechanism as a program of its own, which miners and validators start as their plugin.
package struct AuthorProgram: Sendable, Hashable {
  /// From the root, so that it means the same in every process.
  package let path: String
  /// What it is started with; what a node gives to every program without them.
  package let arguments: [String]

  package init(_ path: String, arguments: [String] = []) {
    self.path = absolutePath(path)
    self.arguments = arguments
  }

  /// What the network is named after: the file's name without folders and ending.
  package var name: String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.split(separator: ".").first ?? file)
  }

  /// The Swift package that builds the program, if one does: then it lies in the package's `.build`.
  package var package: String? {
    guard let cut = path.range(of: "/.build/") else { return nil }
    let folder = String(path[..<cut.lowerBound])
    return FileMark(folder + "/Package.swift") == nil ? nil : folder
  }

  private var configuration: String { path.split(separator: "/").contains("release") ? "release" : "debug" }

  /// Whether there is a file that can be run.
  package var isThere: Bool { access(path, X_OK) == 0 && FileMark(path)?.isFolder == false }

  /// Refuses what can never be run; a program that a Swift package builds may still be missing.
  package func checkIsProgram() throws(ProgramError) {
    guard let mark = FileMark(path) else {
      if package == nil { throw .missing(path: path) }
      return
    }
    guard !mark.isFolder else { throw .folder(path: path) }
    guard access(path, X_OK) == 0 else { throw .notExecutable(path: path) }
  }

  /// What builds the program; nil for one that is no part of a Swift package.
  ///
  /// - Parameter log: Takes what the compiler says.
  func buildCommand(log: String) throws(ProgramError) -> ChildCommand? {
    guard let package else { return nil }
    guard let swift = programOnPath("swift") else { throw .noCompiler(package: package) }
    return ChildCommand(
      name: "swift build", executable: swift,
      arguments: ["build", "--package-path", package, "--configuration", configuration, "--product", name],
      logPath: log)
  }

  /// What the program is made of, for noticing when it changes.
  var sources: SourceFiles {
    if let package { return SourceFiles(roots: [package], endings: [".swift", ".json", ".json5"]) }
    let ending = path.lastIndex(of: ".").map { String(path[$0...]) } ?? ""
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
    return SourceFiles(roots: ending.isEmpty || ending.contains("/") ? [path] : [path, folder], endings: [ending])
  }
}

extension String {
  /// Where a part begins and ends; nil when it is not there.
  fileprivate func range(of part: String) -> Range<String.Index>? {
    let ranges = self.ranges(of: part)
    return ranges.first
  }
}

/// Why an author's program cannot be run.
package enum ProgramError: ExitCoding, CustomStringConvertible {
  case missing(path: String)
  case folder(path: String)
  case notExecutable(path: String)
  /// It is there, and does not speak to a node.
  case notStarting(reason: String)
  case noCompiler(package: String)
  /// What the compiler said is in the log; its errors come along.
  case notBuilt(package: String, errors: [String], log: String)

  package var exitCode: ExitCode {
    switch self {
    case .missing, .folder, .notExecutable: .usage
    case .noCompiler, .notBuilt, .notStarting: .failed
    }
  }

  package var description: String {
    switch self {
    case .missing(let path):
      "there is no program \(escapedText(path, limit: 256)): check the path"
    case .folder(let path):
      "\(escapedText(path, limit: 256)) is a folder: name the program in it"
    case .notExecutable(let path):
      "\(escapedText(path, limit: 256)) is not executable; try: chmod +x \(escapedText(path, limit: 256))"
    case .notStarting(let reason): reason
    case .noCompiler(let package):
      "the program is built by the Swift package \(package), and there is no 'swift' on the PATH: install Swift, or build "
        + "the package elsewhere"
    case .notBuilt(let package, let errors, let log):
      "\(package) does not build; all that the compiler said is in \(log):\n"
        + errors.map { "  " + $0 }.joined(separator: "\n")
    }
  }
}

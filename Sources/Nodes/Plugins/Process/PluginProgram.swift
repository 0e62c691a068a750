import Glibc

/// A program that speaks the plugin protocol: where it is, and what it is started with.
package struct PluginProgram: Hashable, Sendable {
  /// Absolute.
  package let path: String
  /// Without links.
  let resolvedPath: String
  /// Without the program's own name; the one word `plugin` unless given, which a program may ignore.
  package let arguments: [String]
  /// Folders of an interpreter that is named in the program's first line.
  let interpreterFolders: [String]

  /// What a program without arguments of its own is started with.
  package static let defaultArgument = "plugin"

  /// Finds the program.
  ///
  /// - Parameter path: Absolute, or from the working folder of this process.
  /// - Throws: `.notStarted` with what is missing.
  package init(_ path: String, arguments: [String] = []) throws(PluginError) {
    let name = PluginProgram.name(of: path)
    guard let resolvedPath = resolved(path) else {
      throw PluginError(name, .notStarted, "cannot be found at \(path): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard stat(resolvedPath, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PluginError(name, .notStarted, "is no file: \(path)")
    }
    guard access(resolvedPath, X_OK) == 0 else {
      throw PluginError(name, .notStarted, "is not executable; try: chmod +x \(path)")
    }
    if path.hasPrefix("/") {
      self.path = path
    } else {
      self.path = (resolved(folder(of: path)) ?? "") + "/" + name
    }
    self.resolvedPath = resolvedPath
    self.arguments = arguments.isEmpty ? [PluginProgram.defaultArgument] : arguments
    interpreterFolders = PluginProgram.interpreterFolders(of: resolvedPath)
  }

  /// What messages call it.
  package var name: String { PluginProgram.name(of: path) }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Of `#!/home/me/env/bin/python3`: `/home/me/env`, and the same for what that file is a link to.
  private static func interpreterFolders(of program: String) -> [String] {
    let file = open(program, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var head = [UInt8](repeating: 0, count: 256)
    let count = read(file, &head, head.count)
    guard count > 2, head[0] == UInt8(ascii: "#"), head[1] == UInt8(ascii: "!") else { return [] }
    let line = String(decoding: head[2..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard let interpreter = line.split(separator: " ").first.map(String.init), interpreter.hasPrefix("/") else {
      return []
    }
    return [interpreter, resolved(interpreter) ?? interpreter].map { path in
      let bin = folder(of: path)
      return bin.hasSuffix("/bin") ? folder(of: bin) : path
    }
  }
}

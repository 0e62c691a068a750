import Glibc

/// The files and folders that a confined program is granted to read.
struct ReadablePaths: Hashable, Sendable {
  /// Granted with all that is in them.
  private(set) var granted: [String]
  /// Folders whose names may be listed, where not all that is in them is granted.
  private(set) var listed: [String] = []
  /// The granted ones that are not part of the system.
  private(set) var own: [String] = []

  /// Where a system keeps programs, libraries and what they ask at their start.
  private static let system = [
    "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store", "/etc/alternatives", "/etc/group",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
  ]
  private static let resolving = ["/etc/hosts", "/etc/resolv.conf", "/etc/gai.conf", "/run/systemd/resolve"]
  /// Entries of a folder that are granted one by one.
  private static let entryLimit = 4096

  init(for program: PluginProgram, _ access: PluginAccess, home: String?) {
    granted = ReadablePaths.system + (access.network ? ReadablePaths.resolving : [])
    let hidden = access.hidden.map(resolvedAsFarAsThere)
    let folders =
      [folder(of: program.resolvedPath), program.path] + program.interpreterFolders
      + access.readable.map { resolved($0) ?? $0 }
    for path in folders where !isSystem(path) {
      own.append(path)
      grant(path, hiding: hidden, home: home.flatMap(resolved))
    }
  }

  private func isSystem(_ path: String) -> Bool {
    ReadablePaths.system.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  /// Grants a folder whole, or entry by entry where something in it is to stay hidden.
  private mutating func grant(_ path: String, hiding hidden: [String], home: String?) {
    if hidden.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) { return }
    let isHome = path == "/" || path == home
    guard isHome || hidden.contains(where: { $0.hasPrefix(path == "/" ? "/" : path + "/") }) else {
      granted.append(path)
      return
    }
    listed.append(path)
    for name in entryNames(of: path, limit: ReadablePaths.entryLimit) where !(isHome && name.hasPrefix(".")) {
      grant(path == "/" ? "/" + name : path + "/" + name, hiding: hidden, home: home)
    }
  }
}

/// The path without links and relative parts; nil when nothing is there.
func resolved(_ path: String) -> String? {
  guard let pointer = realpath(path, nil) else { return nil }
  defer { free(pointer) }
  return String(cString: pointer)
}

/// The same for a path of which the last parts may not be there yet.
func resolvedAsFarAsThere(_ path: String) -> String {
  if let path = resolved(path) { return path }
  let parent = folder(of: path)
  guard parent != path, let name = path.split(separator: "/").last else { return path }
  let place = resolvedAsFarAsThere(parent)
  return place == "/" ? "/\(name)" : "\(place)/\(name)"
}

/// The folder that a path names something in.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The names in a folder, in no order; none when it cannot be read.
func entryNames(of path: String, limit: Int) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  return entryNames(of: folder, limit: limit)
}

/// The names in an open folder.
func entryNames(of folder: OpaquePointer, limit: Int) -> [String] {
  var names: [String] = []
  while names.count < limit, let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

/// Whether any user may walk to a path and read what is there.
func isOpenToOthers(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IROTH != 0 else { return false }
  if status.st_mode & S_IFMT == S_IFDIR, status.st_mode & S_IXOTH == 0 { return false }
  var place = folder(of: path)
  while place != "/" {
    guard stat(place, &status) == 0, status.st_mode & S_IXOTH != 0 else { return false }
    place = folder(of: place)
  }
  return true
}

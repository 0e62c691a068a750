import Glibc
import Keys

/// Files that only their owner may read, written so that a crash leaves the whole file or none.
enum OwnerOnlyFile {
  static let mode: mode_t = 0o600
  static let folderMode: mode_t = 0o700

  /// Reads a whole file into guarded memory.
  ///
  /// - Throws: `.keyNotFound`, `.notAFile`, `.openToOthers` or `.tooLarge` before a byte is read.
  static func read(_ path: String, limit: Int) throws(WalletError) -> SecretBytes {
    // Without O_NONBLOCK a pipe put in the file's place would hold us here for ever.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .keyNotFound(path: path) : .system(call: "open", code: errno, path: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", code: errno, path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    let mode = status.st_mode & 0o777
    guard mode & 0o077 == 0 else { throw .openToOthers(path: path, mode: mode) }
    guard status.st_size <= limit else { throw .tooLarge(path: path) }

    var code: Int32 = 0
    var length = 0
    let bytes = SecretBytes(count: Int(status.st_size)) { buffer in
      while length < buffer.count {
        let count = Glibc.read(descriptor, buffer.baseAddress! + length, buffer.count - length)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { code = errno }
        guard count > 0 else { return }
        length += count
      }
    }
    guard code == 0 else { throw .system(call: "read", code: code, path: path) }
    return length == bytes.count
      ? bytes : bytes.withBytes { SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0.prefix(length))) }
  }

  /// Writes a new file beside its place, forces it to disk, then gives it its name; never replaces a file.
  static func create(_ path: String, holding contents: SecretBytes) throws(WalletError) {
    let temporary = "\(path).\(SecureRandom.bytes(count: 8).map { String($0, radix: 16) }.joined()).new"
    let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .system(call: "open", code: errno, path: temporary) }
    do throws(WalletError) {
      defer { close(descriptor) }
      // The process's umask may have taken more than others' rights.
      guard fchmod(descriptor, mode) == 0 else { throw .system(call: "fchmod", code: errno, path: temporary) }
      try write(contents, to: descriptor, path: temporary)
      guard fsync(descriptor) == 0 else { throw .system(call: "fsync", code: errno, path: temporary) }
    } catch {
      unlink(temporary)
      throw error
    }
    // A rename would replace a key that appeared meanwhile; a second name for the same file never does.
    let code = link(temporary, path) == 0 ? 0 : errno
    unlink(temporary)
    guard code != EEXIST else { throw .alreadyExists(path: path) }
    guard code == 0 else { throw .system(call: "link", code: code, path: path) }
    try synchronizeFolder(of: path)
  }

  /// Makes a folder and those above it, for the owner alone; folders that exist stay as they are.
  static func makeFolder(_ path: String) throws(WalletError) {
    if mkdir(path, folderMode) == 0 { return try synchronizeFolder(of: path) }
    switch errno {
    case EEXIST: return
    case ENOENT where parent(of: path) != path:
      try makeFolder(parent(of: path))
      guard mkdir(path, folderMode) == 0 || errno == EEXIST else {
        throw .system(call: "mkdir", code: errno, path: path)
      }
      try synchronizeFolder(of: path)
    default: throw .system(call: "mkdir", code: errno, path: path)
    }
  }

  /// The names in a folder, sorted; none when there is no such folder.
  static func names(in folder: String) throws(WalletError) -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw .system(call: "opendir", code: errno, path: folder)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names.sorted()
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func write(
    _ contents: SecretBytes, to descriptor: Int32, path: String
  ) throws(WalletError) {
    try contents.withBytes { (bytes: UnsafeRawBufferPointer) throws(WalletError) in
      var offset = 0
      while offset < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw WalletError.system(call: "write", code: errno, path: path) }
        offset += count
      }
    }
  }

  /// A new name is only safe from a power cut once its folder is on disk.
  private static func synchronizeFolder(of path: String) throws(WalletError) {
    let folder = parent(of: path)
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(call: "open", code: errno, path: folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system(call: "fsync", code: errno, path: folder) }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

import Glibc

/// The private folder of a running plugin program: made for it, measured, and removed after it.
///
/// Whoever holds a folder holds a lock on it. A node that was killed leaves one without a lock behind; the next one
/// that makes a folder removes it.
struct WorkFolder: ~Copyable {
  let path: String
  private let descriptor: Int32

  private static let prefix = "subnetkit-plugin-"
  /// Folders within each other that are looked into.
  private static let depthLimit = 16

  /// The folder to make folders in.
  static var root: String {
    let given = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return resolved(given.isEmpty ? "/tmp" : given) ?? "/tmp"
  }

  /// Makes one; nil with `errno` set.
  static func make(in root: String = WorkFolder.root) -> WorkFolder? {
    removeAbandoned(in: root)
    var template = Array("\(root)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      rmdir(path)
      return nil
    }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    return WorkFolder(path: path, descriptor: descriptor)
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    removeContent(of: descriptor)
    rmdir(path)
    close(descriptor)
  }

  /// What the folder holds.
  struct Content: Hashable, Sendable {
    var bytes: UInt64 = 0
    var entries = 0
    var isTooDeep = false
  }

  /// Measures what is in it; stops counting shortly after `entryLimit`.
  func measured(entryLimit: Int) -> Content {
    var content = Content()
    WorkFolder.measure(descriptor, into: &content, depth: 1, entryLimit: entryLimit)
    return content
  }

  private static func measure(_ parent: Int32, into content: inout Content, depth: Int, entryLimit: Int) {
    guard let folder = openFolder(".", in: parent) else { return }
    defer { closedir(folder) }
    let names = entryNames(of: folder, limit: entryLimit + 1)
    for name in names where content.entries <= entryLimit {
      var status = stat()
      guard fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      content.entries += 1
      content.bytes += UInt64(max(0, status.st_blocks)) * 512
      guard status.st_mode & S_IFMT == S_IFDIR else { continue }
      guard depth < depthLimit else {
        content.isTooDeep = true
        continue
      }
      let inner = openat(dirfd(folder), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard inner >= 0 else { continue }
      measure(inner, into: &content, depth: depth + 1, entryLimit: entryLimit)
      close(inner)
    }
  }

  /// Removes the folders whose nodes are gone.
  private static func removeAbandoned(in root: String) {
    for name in entryNames(of: root, limit: 100_000) where name.hasPrefix(prefix) {
      let path = "\(root)/\(name)"
      let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard folder >= 0 else { continue }
      defer { close(folder) }
      // A folder is locked a moment after it is made; one of that moment is left alone.
      var status = stat()
      guard fstat(folder, &status) == 0, status.st_mtim.tv_sec < time(nil) - 60,
        flock(folder, LOCK_EX | LOCK_NB) == 0
      else { continue }
      removeContent(of: folder)
      rmdir(path)
    }
  }
}

/// Opens a folder for reading its names; no link is followed.
private func openFolder(_ name: String, in parent: Int32) -> OpaquePointer? {
  let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  guard let folder = fdopendir(descriptor) else {
    close(descriptor)
    return nil
  }
  return folder
}

/// Removes all that is in a folder, however deep: what lies deeper is first moved up, so that neither descriptors nor
/// the stack grow with it.
private func removeContent(of root: Int32) {
  var moved = 0
  // Each turn removes what it finds; what cannot be removed ends the loop.
  while let folder = openFolder(".", in: root) {
    let names = entryNames(of: folder, limit: 4096)
    closedir(folder)
    var hasRemoved = false
    for name in names {
      if unlinkat(root, name, 0) == 0 || unlinkat(root, name, AT_REMOVEDIR) == 0 {
        hasRemoved = true
        continue
      }
      // The program may have closed its own folders.
      fchmodat(root, name, 0o700, 0)
      guard let inner = openFolder(name, in: root) else { continue }
      for child in entryNames(of: inner, limit: 4096) {
        if unlinkat(dirfd(inner), child, 0) == 0 {
          hasRemoved = true
          continue
        }
        moved += 1
        fchmodat(dirfd(inner), child, 0o700, 0)
        if renameat(dirfd(inner), child, root, "moved-up-\(moved)") == 0 { hasRemoved = true }
      }
      closedir(inner)
      if unlinkat(root, name, AT_REMOVEDIR) == 0 { hasRemoved = true }
    }
    guard hasRemoved else { return }
  }
}

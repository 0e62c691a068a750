import Glibc

/// The names in a folder, sorted; empty where there is no such folder.
package func folderContents(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// Removes a file, or a folder with all that is in it; links are removed, not followed. What is absent is no error.
package func removeTree(_ path: String) throws(FileError) {
  if unlink(path) == 0 || errno == ENOENT { return }
  // Linux says EISDIR where others say EPERM.
  guard errno == EISDIR || errno == EPERM else { throw FileError(call: "unlink", path: path, code: errno) }
  for name in folderContents(path) { try removeTree("\(path)/\(name)") }
  guard rmdir(path) == 0 || errno == ENOENT else { throw FileError(call: "rmdir", path: path, code: errno) }
}

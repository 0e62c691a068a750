import Glibc
import SubnetKit

/// The most text that is read from a folder, in bytes.
let corpusSizeLimit = 16 * 1024 * 1024
/// The most files that a folder of text may hold.
private let fileCountLimit = 10_000

/// The contents of the regular files of a folder, in the order of their names' bytes.
///
/// Links, folders and devices are left out.
///
/// - Parameter sizeLimit: Bytes in all; the file that passes it is cut there, and those after it are left out.
/// - Throws: `.missingInput` with a sentence that asks for a corpus.
func filesOfText(in folder: String, sizeLimit: Int = corpusSizeLimit) throws(MechanismError) -> [[UInt8]] {
  let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw missingCorpus(folder, errno) }
  // `fdopendir` owns the descriptor from here on.
  guard let directory = fdopendir(descriptor) else {
    let code = errno
    close(descriptor)
    throw missingCorpus(folder, code)
  }
  defer { closedir(directory) }

  var names: [String] = []
  while let entry = readdir(directory) {
    names.append(
      withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    guard names.count <= fileCountLimit + 2 else {
      throw MechanismError(
        .missingInput, "\(folder) holds more than \(fileCountLimit) files: name a smaller folder with --corpus DIR.")
    }
  }
  names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }

  var files: [[UInt8]] = []
  var room = sizeLimit
  for name in names where room > 0 {
    guard let file = try textOfFile(name, in: folder, descriptor, atMost: room) else { continue }
    room -= file.count
    files.append(file)
  }
  return files
}

/// The start of a regular file; nil for links, folders, pipes and devices.
private func textOfFile(
  _ name: String, in folder: String, _ folderDescriptor: Int32, atMost limit: Int
) throws(MechanismError) -> [UInt8]? {
  // Not following links leaves out the second names of a file; not blocking leaves a pipe without a writer alone.
  let descriptor = openat(folderDescriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ELOOP || errno == ENXIO || errno == ENOENT { return nil }
    throw missingCorpus("\(folder)/\(name)", errno)
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw missingCorpus("\(folder)/\(name)", errno) }
  guard status.st_mode & S_IFMT == S_IFREG else { return nil }

  var text: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 64 * 1024)
  while text.count < limit {
    let count = read(descriptor, &chunk, min(chunk.count, limit - text.count))
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw missingCorpus("\(folder)/\(name)", errno) }
    guard count > 0 else { break }
    text += chunk[..<count]
  }
  return text
}

private func missingCorpus(_ path: String, _ code: Int32) -> MechanismError {
  MechanismError(
    .missingInput,
    "Cannot read \(path) (\(String(cString: strerror(code)))): name a folder of text files with --corpus DIR.")
}

import Glibc

/// The last lines of a log file, for telling why a process ended; empty where there is no file.
///
/// - Parameters:
///   - lineLimit: At most so many lines.
///   - byteLimit: No more than these last bytes are read, however long a line is.
package func logTail(of path: String, lineLimit: Int = 20, byteLimit: Int = 64 * 1024) -> [String] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return [] }
  defer { close(file) }
  let size = lseek(file, 0, SEEK_END)
  guard size > 0 else { return [] }
  let start = max(0, Int(size) - byteLimit)
  var bytes = [UInt8](repeating: 0, count: Int(size) - start)
  let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, start) }
  guard count > 0 else { return [] }
  let text = String(decoding: bytes[..<count], as: UTF8.self)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let whole = text.hasSuffix("\n") ? lines.dropLast() : lines[...]
  return Array(whole.suffix(lineLimit))
}

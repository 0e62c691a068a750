import CZlib
import Glibc
package import JSONText

/// Reads JSON documents from disk, plain or gzipped.
package enum JSONFile {
  /// The most bytes a file may hold, packed or unpacked.
  package static let limitBytes = 1 << 30

  /// The document at `path`; a name that ends in `.gz` is unpacked first.
  package static func read(_ path: String) throws(VectorFileError) -> JSONValue {
    var bytes = try contents(of: path)
    if path.hasSuffix(".gz") { bytes = try unpacked(bytes, path: path) }
    do { return try JSONValue(parsing: bytes) } catch { throw .notJSON(path: path, error) }
  }

  private static func contents(of path: String) throws(VectorFileError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, code: errno) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limitBytes else { throw .tooLarge(path: path, limitBytes: limitBytes) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  private static func unpacked(_ packed: [UInt8], path: String) throws(VectorFileError) -> [UInt8] {
    var packed = packed
    var stream = z_stream()
    // 15 bits of window, plus 16: gzip framing only.
    var code = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw .damagedArchive(path: path, code: code) }
    defer { inflateEnd(&stream) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    packed.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      repeat {
        chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          code = inflate(&stream, Z_NO_FLUSH)
        }
        bytes.append(contentsOf: chunk[..<(chunk.count - Int(stream.avail_out))])
      } while code == Z_OK && bytes.count <= limitBytes
    }
    guard bytes.count <= limitBytes else { throw .tooLarge(path: path, limitBytes: limitBytes) }
    guard code == Z_STREAM_END else { throw .damagedArchive(path: path, code: code) }
    return bytes
  }
}

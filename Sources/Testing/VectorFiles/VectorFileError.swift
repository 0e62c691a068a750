import Glibc
package import JSONText

/// Why a file of vectors could not be read; says which file.
package enum VectorFileError: Error, Sendable, CustomStringConvertible {
  case unreadable(path: String, code: Int32)
  case tooLarge(path: String, limitBytes: Int)
  case damagedArchive(path: String, code: Int32)
  case notJSON(path: String, JSONError)
  case shape(path: String, JSONShapeError)
  case unknownTopic(path: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let code):
      "\(path): cannot be read: \(String(cString: strerror(code))); name another file"
    case .tooLarge(let path, let limit): "\(path): larger than \(limit) bytes"
    case .damagedArchive(let path, let code): "\(path): not a whole gzip file (zlib \(code))"
    case .notJSON(let path, let error): "\(path): \(error)"
    case .shape(let path, let error): "\(path): \(error)"
    case .unknownTopic(let path): "\(path): no rule is known for these vectors"
    }
  }
}

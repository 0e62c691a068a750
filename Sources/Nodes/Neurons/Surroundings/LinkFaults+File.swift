import Daemon
package import Transport

/// What a file says of a node's line to its network; a file that is not there, or says something else, is no fault.
package func linkFaults(inFile path: String) -> LinkFaults {
  do throws(FileError) {
    let bytes = try AtomicFile(path).read(limit: LinkFaults.textByteLimit)
    return LinkFaults(text: String(decoding: bytes, as: UTF8.self)) ?? .none
  } catch {
    return .none
  }
}

package import Daemon
import Glibc
import JSONText
package import Neurons
import Primitives
package import Transport

/// The folder that holds all that a local network leaves: each node's state, its log, and how to reach the chain.
///
/// ```
/// localnet.json       how to reach the chain, for `subnet view --state` and its like
/// chain/              blocks
/// validator-1/ ...    what each node remembers
/// logs/chain.log ...  one log a process
/// launcher.json       who runs it, and what; launcher.lock is locked as long as that process lives
/// control.sock        where the launcher listens for commands
/// ```
package struct StateFolder: Sendable, Hashable {
  package let path: String

  private init(path: String) { self.path = path }

  /// Makes the folder if it is not there.
  package init(making path: String) throws(FileError) {
    self.path = path
    try makeFolders(path)
    try makeFolders(path + "/logs")
  }

  /// A folder that a network has used before.
  package init(existing path: String) { self.path = path }

  /// Makes a folder that nobody else uses, in `TMPDIR` or `/tmp`.
  package static func temporary(environment: [String: String] = processEnvironment()) throws(FileError) -> StateFolder {
    let parent = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(parent)/subnet.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileError(call: "mkdtemp", path: "\(parent)/subnet.XXXXXX", code: errno)
    }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    return try StateFolder(making: path)
  }

  package func log(of node: NodeName) -> String { "\(path)/logs/\(node).log" }
  package func state(of node: NodeName) -> String { "\(path)/\(node)" }
  /// Where a node says how it is doing.
  package func status(of node: NodeName) -> String { "\(state(of: node))/status.json" }

  // MARK: Faults of a node's line to the network

  /// What cuts or delays a node's messages while it is there.
  package func linkFaults(of node: NodeName) -> String { "\(state(of: node))/link-faults" }

  /// Sets what is wrong with a node's line; the node heeds it from its next message on.
  package func set(_ faults: LinkFaults, of node: NodeName) throws(FileError) {
    let path = linkFaults(of: node)
    if faults == .none {
      guard unlink(path) == 0 || errno == ENOENT else { throw FileError(call: "unlink", path: path, code: errno) }
    } else {
      try makeFolders(state(of: node))
      try AtomicFile(path).write(Array("\(faults)\n".utf8))
    }
  }

  // MARK: How to reach the chain

  private var addressFile: AtomicFile { AtomicFile(path + "/localnet.json") }
  private static let addressByteLimit = 64 << 10

  /// Leaves the chain's address for other commands.
  package func write(_ address: ChainAddress, of plan: LocalnetPlan) throws(FileError) {
    let document: JSONValue = [
      "endpoint": .text(address.endpoint.description), "key": .text(address.authority.description),
      "genesis": .text(address.genesis?.description ?? ""), "netuid": JSONValue(plan.netuid.value),
      "subnet": .text(plan.subnet),
    ]
    try addressFile.write(Array((document.prettyText + "\n").utf8))
  }

  /// The chain that a network in this folder has, as far as the folder says.
  package func address() throws -> ChainAddress {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try addressFile.read(limit: StateFolder.addressByteLimit)
    } catch {
      guard error.isAbsence else { throw error }
      throw LocalnetError.noNetwork(folder: path)
    }
    guard let document = try? JSONValue(parsing: bytes),
      let endpoint = (try? document.member("endpoint").string()).flatMap({ Endpoint($0) }),
      let key = (try? document.member("key").string()).flatMap(ChainAddress.account)
    else { throw LocalnetError.unreadable(file: addressFile.path) }
    let genesis = (try? document.member("genesis").string()).flatMap { Bytes32(hex: $0) }.map { Hash256($0) }
    return ChainAddress(endpoint: endpoint, authority: key, genesis: genesis)
  }
}

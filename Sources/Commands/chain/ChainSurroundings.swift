import ChainNode
import Daemon
import Glibc
import Keys
import Metrics
import Primitives
import Storage
import Transport
import ZeroMQTransport

// What stands around the node of this process: the node that it follows, and whoever watches it.
extension ChainCommand {
  /// The node to follow, dialled under its converted account key.
  static func blockSource(
    _ followed: (endpoint: Endpoint, account: AccountID), over sender: any RequestSender, signingAs key: KeyPair,
    of genesis: ChainGenesis
  ) throws -> BlockSource {
    guard let curve = CurvePublicKey(converting: followed.account) else {
      throw SurroundingsError.improperKey(followed.account)
    }
    return BlockSource(
      at: PeerAddress(endpoint: followed.endpoint, serverKey: TransportKey(curve.key)), account: followed.account,
      over: sender, signingAs: key, chainID: genesis.chainID, wallClock: SystemWallClock(),
      firstRequestID: SecureRandom.number())
  }

  /// The node's line to the network; with `--link-faults` one that a test can cut.
  static func line(of node: ZeroMQNode, _ arguments: ParsedArguments) throws -> any TransportNode {
    let faults = arguments[ChainOptions.linkFaults]
    guard faults == nil || arguments[ChainOptions.profile] == .local else { throw SurroundingsError.faultsElsewhere }
    guard let faults else { return node }
    return FaultyNode(node, clock: ContinuousClock()) {
      LinkFaults { try AtomicFile(faults).read(limit: LinkFaults.textByteLimit) }
    }
  }

  /// The server of `--metrics-port`; nil without it.
  static func metricsServer(
    of arguments: ParsedArguments, _ producer: BlockProducer, in state: String, from recent: RecentBlocks,
    verifiedBlocks: Int, flushes: SharedHistogram, over node: ZeroMQNode
  ) throws -> MetricsServer? {
    var start = ChainStart(of: recent, isProducer: producer.source == nil)
    start.starts = try countStart(in: state)
    start.verifiedBlocks = verifiedBlocks
    start.verification = try VerificationNote.read(from: state)
    let metrics = producer.metrics
    metrics.started(start)
    guard let port = arguments[ChainOptions.metricsPort] else { return nil }
    let limit: UInt64? =
      if case .every(let time) = producer.blockTime { UInt64(max(3 * time.wholeMilliseconds, 2000)) } else { nil }
    return try MetricsServer(port: port) { path in
      switch path {
      case "/metrics": metrics.page(survey(of: state, flushes, node))
      case "/healthz": metrics.health(survey(of: state, flushes, node), limitMilliseconds: limit)
      default: nil
      }
    }
  }

  /// What the machine says now.
  private static func survey(of state: String, _ flushes: SharedHistogram, _ node: ZeroMQNode) -> ChainSurvey {
    var survey = ChainSurvey(nowMilliseconds: SystemWallClock().millisecondsSince1970)
    survey.residentBytes = residentBytes()
    survey.flush = flushes.now
    survey.storeBytes = storeBytes(in: state)
    survey.freeBytes = freeBytes(at: state)
    survey.isWritable = access(state, W_OK) == 0
    if let descriptors = Descriptors.now() {
      survey.openDescriptors = UInt64(descriptors.open)
      survey.descriptorLimit = UInt64(descriptors.limit)
    }
    let connections = node.connections
    survey.peers = [("open", UInt64(max(0, connections.open)))]
    survey.handshakes = [("failed", connections.failed), ("succeeded", connections.succeeded)]
    return survey
  }

  /// Counts the starts of nodes in one folder, this one included.
  private static func countStart(in state: String) throws -> UInt64 {
    let file = AtomicFile(state + "/starts")
    var last: UInt64 = 0
    do throws(FileError) {
      last = UInt64(String(decoding: try file.read(limit: 32), as: UTF8.self)) ?? 0
    } catch {
      guard error.isAbsence else { throw error }
    }
    try file.write(Array(String(last &+ 1).utf8))
    return last &+ 1
  }
}

/// Bytes of memory that this process holds; 0 where the kernel does not say.
private func residentBytes() -> UInt64 {
  let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return 0 }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 128)
  let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
  let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
  return words.count > 1 ? (UInt64(words[1]) ?? 0) * UInt64(sysconf(Int32(_SC_PAGESIZE))) : 0
}

/// Bytes of the database and its write-ahead log; nil where there is no database.
private func storeBytes(in state: String) -> UInt64? {
  let folder = StoreFolder(path: state)
  var status = stat()
  guard stat(folder.database, &status) == 0 else { return nil }
  let main = UInt64(max(0, status.st_size))
  return stat(folder.database + "-wal", &status) == 0 ? main + UInt64(max(0, status.st_size)) : main
}

/// Bytes that the disk of a folder has left for this user; nil where the kernel does not say.
private func freeBytes(at path: String) -> UInt64? {
  var disk = statvfs()
  return statvfs(path, &disk) == 0 ? UInt64(disk.f_bavail) * UInt64(disk.f_frsize) : nil
}

private enum SurroundingsError: ExitCoding, CustomStringConvertible {
  case improperKey(AccountID)
  case faultsElsewhere

  var exitCode: ExitCode { .usage }
  var description: String {
    switch self {
    case .faultsElsewhere: "--link-faults is for tests: it takes --profile local"
    case .improperKey(let account): "--follow-key \(account) is no proper key"
    }
  }
}

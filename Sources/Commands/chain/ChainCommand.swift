import ChainNode
import Daemon
import Keys
import Metrics
import Primitives
import Storage
import Transport
import ZeroMQTransport

/// `chain`: makes blocks, keeps them, and answers who asks.
enum ChainCommand {
  static let table = CommandDescription(
    "chain", purpose: "Runs a chain node: it makes blocks, stores them and answers queries.",
    options: [
      ChainOptions.state, ChainOptions.profile, ChainOptions.genesis, ChainOptions.listen, ChainOptions.endpoint,
      ChainOptions.blockTime, ChainOptions.blockBytes, ChainOptions.authority, ChainOptions.follow,
      ChainOptions.followKey, ChainOptions.fullHistory, ChainOptions.metricsPort, ChainOptions.linkFaults,
      ChainOptions.logLevel,
      ChainOptions.json,
    ],
    commands: [
      VerifyCommand.table, BackupCommand.table, RestoreCommand.table, ExportCommand.table, QuarantineCommand.table,
    ],
    runsAlone: true, example: "chain --profile local --state /tmp/chain --block-time 250ms")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    switch arguments.command.dropFirst().first {
    case nil: return try await runNode(arguments)
    case VerifyCommand.table.name: return try await VerifyCommand.run(arguments)
    case BackupCommand.table.name: return try await BackupCommand.run(arguments)
    case RestoreCommand.table.name: return try await RestoreCommand.run(arguments)
    case ExportCommand.table.name: return try await ExportCommand.run(arguments)
    case QuarantineCommand.table.name: return try await QuarantineCommand.run(arguments)
    default: preconditionFailure("every sub-command of the table has a line here")
    }
  }

  private static func runNode(_ arguments: ParsedArguments) async throws -> ExitCode {
    let logger = Logger.standardError(name: "chain", level: arguments[ChainOptions.logLevel])
    let stops = ProcessSignals.stops()
    let key = try ChainOptions.key(of: arguments, isFollower: arguments[ChainOptions.follow] != nil)
    let followed = try ChainOptions.followed(of: arguments)
    let genesis = try ChainOptions.genesis(of: arguments, authority: followed?.account ?? key.account)
    let state = ChainOptions.stateFolder(of: arguments)
    tell(arguments, key, logger)
    let flushes = SharedHistogram()
    var options = StoreOptions()
    options.flushed = { flushes.add($0) }
    let store = try await BlockStore.open(
      state, genesis: genesis.chainID, hash: { Hash256(hashing: $0) }, options: options)
    let log = testedLog(StoredBlockLog(store))
    let quarantine = Quarantine(folder: state)
    let refused = try quarantine.admit()
    try TrapNote.keep(in: quarantine.notePath, exitCode: .invariantBroken)
    let recent = try await ChainReplay(
      genesis: genesis, log: log, logger: logger, execution: execution(of: genesis, .replaying)
    ).run()
    let clock = ContinuousClock()
    let node = try await ZeroMQNode.start(keys: transportKeys(of: key))
    let line = try line(of: node, arguments)
    let source = try followed.map { try blockSource($0, over: line, signingAs: key, of: genesis) }
    let producer = BlockProducer(
      genesis: genesis, from: recent, key: key, log: log,
      blockTime: arguments[ChainOptions.blockTime] ?? .every(genesis.blockTime), clock: clock,
      wallClock: SystemWallClock(), logger: logger,
      execution: execution(of: genesis, source == nil ? .making : .replaying),
      blockLimits: ChainOptions.blockLimits(of: arguments), quarantined: refused, following: source,
      beginsAtSnapshot: !arguments[ChainOptions.fullHistory])
    let receiver = try await line.bindReceiver(
      at: ChainOptions.listenEndpoint(of: arguments), admission: TransportAdmission(.any))
    let service = ChainService(
      producer: producer, receiver: receiver, key: key, clock: clock, wallClock: SystemWallClock(), logger: logger,
      signatures: SignatureBatcher(threads: VerificationThreads()))
    let metrics = try metricsServer(
      of: arguments, producer, in: state, from: recent, verifiedBlocks: await store.verifiedAtStart, flushes: flushes,
      over: node)
    defer { metrics?.stop() }
    var ready: LogFields = [
      .endpoint: .of(receiver.address.endpoint), .key: .text(key.account.address), .genesis: .of(genesis.chainID),
      .height: .number(recent.newest.number.value), .pid: .number(processID()),
    ]
    if let metrics { ready.append(.port, .number(metrics.port)) }
    if let source { ready.append(.source, .text(source.address)) }
    ReadyLine("chain", ready).announce(json: arguments[ChainOptions.json])
    let watch = DescriptorWatch(clock: clock, logger: logger) { node.pauseReceivers(for: $0) }
    let ending = try await runServices([service, watch], stopOn: stops)
    await node.close()
    try await store.close()
    let height = await producer.head.number
    logger.info("chain stopped", [.reason: .text("\(ending)"), .height: .of(height)])
    return .done
  }

  private static func execution(of genesis: ChainGenesis, _ work: PoisonNote.Work) -> BlockExecution {
    var execution = BlockExecution(chainID: genesis.chainID)
    execution.observer = testedObserver(PoisonNote.observer(of: work))
    return execution
  }

  /// What the start decided, and from where.
  private static func tell(_ arguments: ParsedArguments, _ key: KeyPair, _ logger: Logger) {
    for origin in arguments.origins {
      logger.info(
        "option", [.option: .text(origin.name), .value: .text(origin.value), .source: .of(origin.source)])
    }
    if let name = key.developmentName {
      logger.warning(
        "the authority is a development key that everybody has: UNSAFE outside a local network",
        [.key: .text("//\(name)")])
    }
  }

  /// The authority's key, converted, so that whoever knows it from the genesis can dial this node.
  private static func transportKeys(of key: KeyPair) -> TransportKeyPair {
    let curve = CurveKeyPair(converting: key)
    let secret = curve.withSecret { Array($0) }
    guard let keys = TransportKeyPair(publicKey: TransportKey(curve.publicKey.key), secretBytes: secret) else {
      preconditionFailure("a CURVE secret has 32 bytes")
    }
    return keys
  }
}

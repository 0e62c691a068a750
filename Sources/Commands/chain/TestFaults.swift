import ChainNode
import Daemon
import Glibc
import Primitives
import Storage

// Faults that tests plant in a node by its environment. A release build has none of this.

#if DEBUG
  /// Makes the call named in SUBNETKIT_TEST_POISON_CALL trap, as a mistake in the rules would; the one named in
  /// SUBNETKIT_TEST_POISON_ADMISSION traps on its way into the pool.
  func testedObserver(_ observer: @escaping @Sendable (ExecutionStep) -> Void) -> @Sendable (ExecutionStep) -> Void {
    let environment = processEnvironment()
    let poison = environment["SUBNETKIT_TEST_POISON_CALL"]
    let admissionPoison = environment["SUBNETKIT_TEST_POISON_ADMISSION"]
    guard poison != nil || admissionPoison != nil else { return observer }
    return { step in
      observer(step)
      switch step {
      case .extrinsic(_, let candidate): precondition(candidate.callName != poison, "a test planted this trap")
      case .admission(_, let candidate):
        precondition(candidate.callName != admissionPoison, "a test planted this trap")
      case .block, .done: break
      }
    }
  }

  /// Dies by SIGKILL at the point named in SUBNETKIT_TEST_DEATH, such as `after-append 12`: the point and how often it
  /// is passed first.
  func testedLog(_ log: StoredBlockLog) -> any BlockLog {
    let words = (processEnvironment()["SUBNETKIT_TEST_DEATH"] ?? "").split(separator: " ")
    guard words.count == 2, let point = DyingBlockLog.Point(rawValue: String(words[0])), let count = Int(words[1])
    else { return log }
    return DyingBlockLog(log: log, point: point, passes: count)
  }

  private actor DyingBlockLog: BlockLog {
    enum Point: String {
      case beforeAppend = "before-append"
      case duringAppend = "during-append"
      case afterAppend = "after-append"
      case beforeSnapshot = "before-snapshot"
      case duringSnapshot = "during-snapshot"
      case afterSnapshot = "after-snapshot"
    }

    private let log: StoredBlockLog
    private let point: Point
    private var passes: Int

    init(log: StoredBlockLog, point: Point, passes: Int) {
      self.log = log
      self.point = point
      self.passes = passes
    }

    private func pass(_ point: Point) {
      guard point == self.point else { return }
      if passes == 0 { kill(getpid(), SIGKILL) }
      passes -= 1
    }

    func append(_ block: StoredBlock) async throws(StorageError) -> AppendResult {
      pass(.beforeAppend)
      if point == .duringAppend, passes == 0 {
        // The block is written while the process dies, after a time that differs from run to run.
        let log = log
        Task { try await log.append(block) }
        usleep(UInt32.random(in: 0...3000))
      }
      pass(.duringAppend)
      let result = try await log.append(block)
      pass(.afterAppend)
      return result
    }

    func rest() async throws(StorageError) { try await log.rest() }

    func save(_ snapshot: StoredSnapshot) async throws(StorageError) {
      pass(.beforeSnapshot)
      if point == .duringSnapshot, passes == 0 {
        // The snapshot is written while the process dies: wherever the kernel gets to.
        let log = log
        Task { try await log.save(snapshot) }
        usleep(UInt32.random(in: 0...5000))
      }
      pass(.duringSnapshot)
      try await log.save(snapshot)
      pass(.afterSnapshot)
    }

    func head() async throws(StorageError) -> LogHead? { try await log.head() }
    func begin(after block: [UInt8], with snapshot: StoredSnapshot) async throws(StorageError) {
      try await log.begin(after: block, with: snapshot)
    }
    func beginning() async throws(StorageError) -> [UInt8]? { try await log.beginning() }
    func blocks(from first: BlockNumber, limit: Int) async throws(StorageError) -> [StoredBlock] {
      try await log.blocks(from: first, limit: limit)
    }
    func block(at height: BlockNumber) async throws(StorageError) -> StoredBlock? { try await log.block(at: height) }
    func receipt(of id: Hash256) async throws(StorageError) -> StoredReceipt? { try await log.receipt(of: id) }
    func latestSnapshot() async throws(StorageError) -> StoredSnapshot? { try await log.latestSnapshot() }
  }
#else
  func testedObserver(_ observer: @escaping @Sendable (ExecutionStep) -> Void) -> @Sendable (ExecutionStep) -> Void {
    observer
  }

  func testedLog(_ log: StoredBlockLog) -> any BlockLog { log }
#endif

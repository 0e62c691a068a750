import ChainNode
import Daemon
import Glibc
import Keys
import Ledger
import Metrics
import Primitives
import Testing

@Suite struct MetricsTests {
  /// One GET over a real socket; the time to read is a net.
  private func get(_ path: String, at port: UInt16, method: String = "GET") throws -> String {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(file >= 0)
    defer { close(file) }
    var time = timeval(tv_sec: 300, tv_usec: 0)
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(code == 0)
    let request = Array("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    try #require(write(file, request, request.count) == request.count)
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &buffer, buffer.count)
      try #require(count >= 0)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += buffer[..<count]
    }
  }

  @Test func metricsAndHealthAreServedOverHTTP() async throws {
    let genesis = testGenesis()
    let producer = try await genesis.producer(over: MemoryBlockLog())
    try await producer.take(try genesis.candidate(Transfer(to: miner.account, amount: Rao(5)), by: owner))
    let block = try await producer.makeBlock()
    let metrics = producer.metrics
    var prepared = ChainSurvey(nowMilliseconds: block.timestampMilliseconds + 1000)
    prepared.residentBytes = 4096
    let survey = prepared
    let server = try MetricsServer(port: 0) { path in
      switch path {
      case "/metrics": metrics.page(survey)
      case "/healthz": metrics.health(survey, limitMilliseconds: 2000)
      default: nil
      }
    }
    defer { server.stop() }
    let page = try get("/metrics", at: server.port)
    #expect(page.hasPrefix("HTTP/1.1 200"))
    for line in [
      "chain_height 1", "chain_producer 1", "chain_included_total 1", "chain_pool_size 0", "chain_resident_bytes 4096",
      "chain_append_seconds_count 1", "# TYPE chain_refused_total counter",
    ] {
      #expect(page.contains("\n" + line + "\n"), "\(line)")
    }
    #expect(try get("/healthz", at: server.port).hasSuffix("ok height=1\n"))
    #expect(try get("/other", at: server.port).hasPrefix("HTTP/1.1 404"))
    #expect(try get("/metrics", at: server.port, method: "DELETE").hasPrefix("HTTP/1.1 405"))
  }

  /// Everything that reliability 7 lists, by the name under which a dashboard finds it.
  @Test func everyMetricOfTheListIsOnThePage() async throws {
    let genesis = testGenesis()
    let producer = try await genesis.producer(over: MemoryBlockLog())
    let metrics = producer.metrics
    for _ in 0..<3 { try await producer.makeBlock() }
    let head = await producer.head
    var start = ChainStart(of: await producer.recent, isProducer: true)
    start.starts = 4
    start.verifiedBlocks = 1000
    start.snapshot = BlockNumber(2)
    start.snapshotMilliseconds = head.timestampMilliseconds - 7000
    start.verification = VerificationNote(
      isOK: true, height: BlockNumber(1), milliseconds: head.timestampMilliseconds - 60_000)
    metrics.started(start)
    metrics.refused("busy")
    var survey = ChainSurvey(nowMilliseconds: head.timestampMilliseconds)
    survey.flush.add(.milliseconds(3))
    survey.peers = [("open", 12)]
    survey.handshakes = [("failed", 2), ("succeeded", 30)]
    (survey.storeBytes, survey.freeBytes) = (4096, 1 << 40)
    (survey.openDescriptors, survey.descriptorLimit) = (40, 1024)
    let page = metrics.page(survey).body
    for line in [
      "chain_height 3", "chain_epoch 0", "chain_producer 1", "chain_append_seconds_count 3",
      "chain_flush_seconds_bucket{le=\"0.005000\"} 1", "chain_flush_seconds_count 1", "chain_pool_size 0",
      "chain_refused_total{reason=\"busy\"} 1", "chain_disk_free_bytes 1099511627776", "chain_store_bytes 4096",
      "chain_peers{state=\"open\"} 12", "chain_handshakes_total{result=\"failed\"} 2", "chain_restarts_total 3",
      "chain_snapshot_height 2", "chain_snapshot_age_seconds 7", "chain_verified_blocks 1000", "chain_verify_ok 1",
      "chain_verify_age_seconds 60", "chain_descriptors 40", "chain_descriptor_limit 1024",
      "chain_block_interval_seconds_count 2", "chain_head_age_seconds 0",
    ] {
      #expect(page.contains("\n" + line + "\n") || page.hasPrefix(line + "\n"), "\(line)")
    }
    // Each value has its two comments, and each name comes once.
    let types = page.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
    #expect(Set(types).count == types.count)
  }

  @Test func healthGivesEveryReasonThatItHas() async throws {
    let genesis = testGenesis()
    let producer = try await genesis.producer(over: MemoryBlockLog())
    let head = try await producer.makeBlock()
    let metrics = producer.metrics
    var survey = ChainSurvey(nowMilliseconds: head.timestampMilliseconds + 1000)
    survey.freeBytes = 1 << 30
    func health(_ survey: ChainSurvey, late: UInt64? = 2000) -> (UInt32, String) {
      let page = metrics.health(survey, limitMilliseconds: late)
      return (page.status, page.body)
    }
    #expect(health(survey) == (200, "ok height=1\n"))
    survey.nowMilliseconds += 60_000
    #expect(health(survey) == (503, "unwell height=1: no block for 61 s\n"))
    #expect(health(survey, late: nil).0 == 200)
    survey.freeBytes = 1000
    survey.isWritable = false
    #expect(
      health(survey) == (
        503,
        "unwell height=1: no block for 61 s; the disk has 1000 bytes left; the state folder cannot be written\n"
      ))
    var start = ChainStart(of: await producer.recent, isProducer: true)
    start.verification = VerificationNote(isOK: false, height: .genesis, milliseconds: 5)
    metrics.started(start)
    (survey.freeBytes, survey.isWritable) = (nil, true)
    #expect(health(survey, late: nil) == (503, "unwell height=1: the last chain verify found damage\n"))
    #expect(metrics.page(survey).body.contains("\nchain_verify_ok 0\n"))
  }

  @Test func aNoteOfAVerificationIsReadBackAndADamagedOneIsNone() throws {
    var template = Array("/tmp/chain-metrics-XXXXXX".utf8CString)
    let path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    defer {
      unlink(path + "/verified")
      rmdir(path)
    }
    #expect(try VerificationNote.read(from: path) == nil)
    let note = VerificationNote(isOK: false, height: BlockNumber(77), milliseconds: 1_700_000_000_001)
    try note.write(to: path)
    #expect(try VerificationNote.read(from: path) == note)
    try AtomicFile(path + "/verified").write(Array("fine 1 2".utf8))
    #expect(try VerificationNote.read(from: path) == nil)
  }

  @Test func refusalsAreCountedByReason() throws {
    try TestNetwork.run { network in
      let stale = try network.genesis.extrinsic(
        Transfer(to: miner.account, amount: Rao(5)), by: owner, nonce: UInt64.max)
      _ = try await network.submit(stale)
      let page = network.producer.metrics.page(ChainSurvey(nowMilliseconds: 0)).body
      #expect(page.contains("chain_refused_total{reason=\"Stale\"} 1\n"))
    }
  }

  @Test func aTakenPortIsAnErrorAndAStoppedServerFreesItsOwn() async throws {
    let first = try #require(lastingPorts.lazy.compactMap { port in try? MetricsServer(port: port) { _ in nil } }.first)
    #expect(throws: MetricsServerError.self) { _ = try MetricsServer(port: first.port) { _ in nil } }
    first.stop()
    let second = try await bindAgain { () throws(MetricsServerError) in
      try MetricsServer(port: first.port) { _ in MetricsPage("again\n") }
    }
    #expect(try get("/", at: second.port).hasSuffix("again\n"))
    second.stop()
  }

  /// Waits until the port is free; the time is a net.
  ///
  /// A child that another test is starting keeps the closed socket until it becomes its own program.
  private func bindAgain(_ bind: () throws(MetricsServerError) -> MetricsServer) async throws -> MetricsServer {
    let deadline = ContinuousClock.now + .seconds(120)
    while true {
      do throws(MetricsServerError) {
        return try bind()
      } catch {
        guard error.code == EADDRINUSE, ContinuousClock.now < deadline else { throw error }
      }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// Below those that the kernel gives to whoever asks for any, so that nobody takes one between two times that it is bound.
  private var lastingPorts: [UInt16] {
    let first = UInt16.random(in: 10_000..<30_000)
    return (0..<100).map { first + $0 }
  }
}

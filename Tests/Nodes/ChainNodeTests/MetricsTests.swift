import ChainNode
import Glibc
import Keys
import Ledger
import Metrics
import Primitives
import Testing

@Suite struct MetricsTests {
  /// One GET over a real socket, with five seconds for all of it.
  private func get(_ path: String, at port: UInt16, method: String = "GET") throws -> String {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(file >= 0)
    defer { close(file) }
    var time = timeval(tv_sec: 5, tv_usec: 0)
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

  @Test func refusalsAreCountedByReason() throws {
    try TestNetwork.run { network in
      let stale = try network.genesis.extrinsic(
        Transfer(to: miner.account, amount: Rao(5)), by: owner, nonce: UInt64.max)
      _ = try await network.submit(stale)
      let page = network.producer.metrics.page(ChainSurvey(nowMilliseconds: 0)).body
      #expect(page.contains("chain_refused_total{reason=\"Stale\"} 1\n"))
    }
  }

  @Test func aTakenPortIsAnErrorAndAStoppedServerFreesItsOwn() throws {
    let first = try MetricsServer(port: 0) { _ in nil }
    #expect(throws: MetricsServerError.self) { _ = try MetricsServer(port: first.port) { _ in nil } }
    first.stop()
    let second = try MetricsServer(port: first.port) { _ in MetricsPage("again\n") }
    #expect(try get("/", at: second.port).hasSuffix("again\n"))
    second.stop()
  }
}

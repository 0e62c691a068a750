import CZeroMQ
import Glibc
import Testing
import Transport
import ZeroMQTransport

/// What strangers and ill-behaved peers do to a real socket, while a good peer goes on being served.
@Suite(.timeLimit(.minutes(20))) struct HostilePeerTests {
  private let failures =
    ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
    | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL

  /// Runs `attack` against a serving node and then shows that a good peer is served; returns what the handler saw.
  private func withstanding(
    settings: ZeroMQSettings = ZeroMQSettings(), admission: TransportAdmission = TransportAdmission(.any),
    _ attack: (PeerAddress) async throws -> Void
  ) async throws -> [IncomingRequest] {
    let seen = Log<IncomingRequest>()
    try await withWorld(.zeroMQ, settings: settings) { world in
      let (server, friend) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: admission)
      try await serving(receiver) { request in
        if request.frames.text != "good" { seen.append(request) }
        return request.frames
      } while: {
        _ = try await friend.send(MessageFrames("good"), to: receiver.address, deadline: patience)
        try await attack(receiver.address)
        let reply = try await friend.send(MessageFrames("good"), to: receiver.address, deadline: patience)
        #expect(reply.text == "good")
      }
    }
    return seen.entries
  }

  @Test(arguments: [RawPeer.Security.none, .plain])
  func aPeerWithoutCurveIsRefused(security: RawPeer.Security) async throws {
    let seen = try await withstanding { address in
      let peer = RawPeer(ZMQ_DEALER, security)
      peer.connect(to: address.endpoint)
      try await eventually("the handshake fails") { peer.saw(failures) }
      #expect(!peer.trySend([[1], [2]]))
    }
    #expect(seen.isEmpty)
  }

  @Test func aFrameOfTwoMebibytesDisconnectsItsSender() async throws {
    let seen = try await withstanding { address in
      let peer = RawPeer(ZMQ_DEALER, .curveClient(.fresh(), of: address.serverKey))
      peer.connect(to: address.endpoint)
      let huge = [UInt8](repeating: 7, count: 2 << 20)
      try await eventually("it is connected") { peer.trySend([[1], [2], huge]) }
      try await eventually("it is disconnected") { peer.saw(ZMQ_EVENT_DISCONNECTED) }
    }
    #expect(seen.isEmpty)
  }

  @Test func aFrameJustAboveTheCapIsRefusedAndOneAtTheCapPasses() async throws {
    let seen = try await withstanding { address in
      let peer = RawPeer(ZMQ_DEALER, .curveClient(.fresh(), of: address.serverKey))
      peer.connect(to: address.endpoint)
      let atCap = [UInt8](repeating: 7, count: MessageFrames.frameByteLimit)
      try await eventually("it is connected") { peer.trySend([[1], [2], atCap]) }
      try await eventually("it is answered") { peer.tryReceive().map { areEqual($0.last ?? [], atCap) } == true }
      try await eventually("it is connected") { peer.trySend([[1], [2], atCap + [7]]) }
      try await eventually("it is disconnected") { peer.saw(ZMQ_EVENT_DISCONNECTED) }
    }
    #expect(seen.map(\.frames.chunks.first?.count) == [MessageFrames.frameByteLimit])
  }

  @Test func aMessageOfTooManyOrTooFewPartsIsNotKept() async throws {
    let keys = TransportKeyPair.fresh()
    let seen = try await withstanding { address in
      let peer = RawPeer(ZMQ_DEALER, .curveClient(keys, of: address.serverKey))
      peer.connect(to: address.endpoint)
      let bad: [[[UInt8]]] = [
        [[]], [[1]], [[], [2]], [[UInt8](repeating: 1, count: 9), [2]],
        [[1], [2]] + Array(repeating: [3], count: MessageFrames.chunkLimit + 1), Array(repeating: [1], count: 5000),
      ]
      for message in bad { try await eventually("it is connected") { peer.trySend(message) } }
      // One connection is read in order: when the last message is answered, those before it have been judged.
      let last: [[UInt8]] = [[1], [2]] + Array(repeating: [3], count: MessageFrames.chunkLimit)
      #expect(peer.trySend(last))
      try await eventually("the good one is answered") { peer.tryReceive() == last }
    }
    #expect(seen.count == 1)
    #expect(seen.first?.peer == keys.publicKey)
  }

  @Test func aPeerThatPilesUpMoreThanIsReadIsCutOff() async throws {
    var settings = ZeroMQSettings()
    settings.unreadByteLimit = 4 << 20
    settings.inspectionInterval = .milliseconds(20)
    try await withWorld(.zeroMQ, settings: settings) { world in
      let (server, friend) = (try await world.node(), try await world.node())
      // Nobody serves yet, so that nothing is read; a message without end looks the same to the receiver.
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let peer = RawPeer(ZMQ_DEALER, .curveClient(.fresh(), of: receiver.address.serverKey))
      peer.connect(to: receiver.address.endpoint)
      let chunk = [UInt8](repeating: 7, count: MessageFrames.frameByteLimit)
      try await eventually("it is connected") { peer.trySend([[1], chunk]) }
      let request = Task { try await friend.send(MessageFrames("good"), to: receiver.address, deadline: patience) }
      // It may be cut off in the midst of them.
      for _ in 0..<20 { _ = peer.trySend([[1], chunk]) }
      try await eventually("it is cut off") { peer.saw(ZMQ_EVENT_DISCONNECTED) }
      try await serving(receiver, echo) {
        let reply = try await request.value
        #expect(reply.text == "good")
      }
    }
  }

  @Test func answersBeyondTheHighWaterMarkWaitForTheirReader() async throws {
    var settings = ZeroMQSettings()
    settings.publicHighWaterMark = 2
    settings.stalledReplyTime = patience
    try await withWorld(.zeroMQ, settings: settings) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let latch = Latch()
      let large = try MessageFrames(envelope: [], payload: [UInt8](repeating: 7, count: 1 << 16))
      try await serving(receiver, concurrencyLimit: 100) { _ in
        await latch.pass()
        return large
      } while: {
        try await withThrowingTaskGroup(of: MessageFrames.self) { group in
          for _ in 0..<100 {
            group.addTask {
              try await client.send(MessageFrames("more"), to: receiver.address, deadline: patience)
            }
          }
          try await eventually("all are at work") { latch.arrivalCount == 100 }
          latch.open()
          for try await reply in group { #expect(areEqual(reply.payload, large.payload)) }
        }
      }
    }
  }

  /// T-34: a slow reader's queue stops at the high-water mark, and others are unaffected.
  @Test func whatAPeerNeverReadsIsForgottenAndOthersAreServed() async throws {
    let (sent, answerBytes) = (300, 200 << 10)
    var settings = ZeroMQSettings()
    settings.publicHighWaterMark = 2
    settings.stalledReplyLimit = 4
    settings.stalledReplyTime = .milliseconds(10)
    try await withWorld(.zeroMQ, settings: settings) { world in
      let (server, friend) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let seen = Log<IncomingRequest>()
      let large = try MessageFrames(envelope: [], payload: [UInt8](repeating: 7, count: answerBytes))
      try await serving(receiver, concurrencyLimit: 2 * sent) { request in
        if ["good", "last"].contains(request.frames.text) { return request.frames }
        seen.append(request)
        return large
      } while: {
        let peer = RawPeer(ZMQ_DEALER, .curveClient(.fresh(), of: receiver.address.serverKey), keepsAtMost: 1)
        peer.connect(to: receiver.address.endpoint)
        for number in 0..<sent {
          try await eventually("request \(number) leaves") { peer.trySend([[1], [2]]) }
        }
        try await eventually("all were answered, read or not") { seen.entries.count == sent }
        let reply = try await friend.send(MessageFrames("good"), to: receiver.address, deadline: patience)
        #expect(reply.text == "good")
        // One connection keeps its order: before this answer comes whatever was kept for the peer.
        var kept = 0
        var last: [[UInt8]]?
        var asks = 0
        try await eventually("the peer reads at last") {
          while let answer = peer.tryReceive() {
            if answer.last.map({ areEqual($0, Array("last".utf8)) }) == true { last = answer } else { kept += 1 }
          }
          // Refused as long as the queue is full of what came before.
          if last == nil, peer.trySend([[2], Array("last".utf8)]) { asks += 1 }
          return last != nil
        }
        #expect(asks > 0 && kept < sent, "\(kept) of \(sent) answers were kept")
      }
    }
  }

  @Test func garbageBytesCloseTheirConnection() async throws {
    let greeting: [UInt8] =
      [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("CURVE".utf8) + Array(repeating: 0, count: 47)
    let garbage: [[UInt8]] = [
      (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 197 ^ $0 >> 3) },
      Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8) + [UInt8](repeating: 10, count: 100),
      // A proper greeting, then a command that announces one tebibyte.
      greeting + [0x06, 0, 0, 1, 0, 0, 0, 0, 0] + Array("\u{5}HELLO".utf8),
      greeting + [0x04, 200] + [UInt8](repeating: 0xEE, count: 200),
    ]
    var settings = ZeroMQSettings()
    settings.handshakeMilliseconds = 500
    let seen = try await withstanding(settings: settings) { address in
      let connections = garbage.map { bytes in
        let connection = RawConnection(to: address.endpoint)
        connection.send(bytes)
        return connection
      }
      try await eventually("all are hung up on") { connections.allSatisfy { $0.isHungUp() } }
    }
    #expect(seen.isEmpty)
  }

  @Test func connectionsThatStaySilentAreDroppedByTheHandshakeLimit() async throws {
    var settings = ZeroMQSettings()
    settings.handshakeMilliseconds = 300
    let seen = try await withstanding(settings: settings) { address in
      let connections = (0..<50).map { _ in RawConnection(to: address.endpoint) }
      try await eventually("all are hung up on") { connections.allSatisfy { $0.isHungUp() } }
    }
    #expect(seen.isEmpty)
  }

  @Test func aPausedReceiverLetsNobodyInUntilItsEnd() async throws {
    let server = try await ZeroMQNode.start(keys: .fresh())
    try await withWorld(.zeroMQ) { world in
      let (friend, late) = (try await world.node(), try await world.node())
      let receiver = try await bindLasting {
        try await server.bindReceiver(at: $0, admission: TransportAdmission(.any))
      }
      try await serving(receiver, echo) {
        _ = try await friend.send(MessageFrames("hello"), to: receiver.address, deadline: patience)
        #expect(server.connections.open == 1)
        #expect(server.connections.succeeded == 1)
        server.pauseReceivers(for: .seconds(3600))
        try await eventually("nobody is let in") { !RawConnection.isAccepted(at: receiver.address.endpoint) }
        try await eventually("nobody is left") { server.connections.open == 0 }
        await #expect(throws: TransportError.unreachable) {
          try await late.send(MessageFrames("hello"), to: receiver.address, deadline: .milliseconds(200))
        }
        server.pauseReceivers(for: .zero)
        for node in [friend, late] {
          let welcome = try await node.send(MessageFrames("again"), to: receiver.address, deadline: patience)
          #expect(welcome.text == "again")
        }
        try await eventually("both are counted") { server.connections.succeeded >= 3 }
      }
    }
    await server.close()
    #expect(server.connections.open == 0)
  }

  @Test func aServerThatAnswersOtherRequestsCannotAnswerThisOne() async throws {
    try await withWorld(.zeroMQ) { world in
      let client = try await world.node()
      let keys = TransportKeyPair.fresh()
      let liar = RawPeer(ZMQ_ROUTER, .curveServer(keys))
      let address = PeerAddress(endpoint: liar.bind(), serverKey: keys.publicKey)
      let request = Task { try await client.send(MessageFrames("hello"), to: address, deadline: patience) }
      var asked: [[UInt8]]?
      try await eventually("the request arrives") {
        asked = liar.tryReceive()
        return asked != nil
      }
      let (route, id) = (try #require(asked)[0], try #require(asked)[1])
      for wrong in [[], [1], id + [0], id.map { ~$0 }] { #expect(liar.trySend([route, wrong, [9]])) }
      // One connection is read in order: the others have been judged when this one is taken.
      #expect(liar.trySend([route, id, [7]]))
      #expect(try await request.value.envelope == [7])
    }
  }

  @Test(arguments: [0, 100])
  func anAnswerOutsideTheCapsFailsItsRequestAtOnce(partCount: Int) async throws {
    try await withWorld(.zeroMQ) { world in
      let client = try await world.node()
      let keys = TransportKeyPair.fresh()
      let server = RawPeer(ZMQ_ROUTER, .curveServer(keys))
      let address = PeerAddress(endpoint: server.bind(), serverKey: keys.publicKey)
      let request = Task { try await client.send(MessageFrames("hello"), to: address, deadline: .seconds(3600)) }
      var asked: [[UInt8]]?
      try await eventually("the request arrives") {
        asked = server.tryReceive()
        return asked != nil
      }
      let head = Array(try #require(asked)[0...1])
      #expect(server.trySend(head + Array(repeating: [1], count: partCount)))
      await #expect(throws: TransportError.malformedReply) { try await request.value }
    }
  }

  @Test func halvesOfDifferentKeysAreRefusedAtTheStart() async throws {
    let (one, other) = (TransportKeyPair.fresh(), TransportKeyPair.fresh())
    let mixed = try #require(TransportKeyPair(publicKey: one.publicKey, secretBytes: other.secretBytes))
    await #expect { try await ZeroMQNode.start(keys: mixed) } throws: { error in
      guard case TransportError.socket(let error) = error else { return false }
      return error.call == "zmq_curve_public"
    }
  }

  @Test func onlyNumericTCPEndpointsAreUsed() async throws {
    try await withWorld(.zeroMQ) { world in
      let node = try await world.node()
      let endpoint = try #require(Endpoint("loop://chain"))
      await #expect(throws: TransportError.unsupportedEndpoint(endpoint)) {
        try await node.bindReceiver(at: endpoint, admission: TransportAdmission(.any))
      }
      let peer = PeerAddress(endpoint: .anyLoopbackPort, serverKey: node.key)
      await #expect(throws: TransportError.unsupportedEndpoint(.anyLoopbackPort)) {
        try await node.send(MessageFrames("hello"), to: peer, deadline: patience)
      }
    }
  }

  @Test func aNodeThatWasClosedLeavesNoThreadAndNoDescriptor() async {
    await #expect(processExitsWith: .success) {
      // The first round lets the runtime make what it keeps.
      try await roundTripOfTwoNodes()
      let (threads, descriptors) = (entryCount(of: "/proc/self/task"), entryCount(of: "/proc/self/fd"))
      let rounds = 12 + 2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))
      for _ in 0..<rounds { try await roundTripOfTwoNodes() }
      // The runtime may make some of its own late, one for each processor; one that leaks per round is more than that.
      #expect(entryCount(of: "/proc/self/task") < threads + rounds)
      #expect(entryCount(of: "/proc/self/fd") < descriptors + rounds)
    }
  }
}

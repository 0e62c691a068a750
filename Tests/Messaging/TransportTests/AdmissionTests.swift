import Testing
import Transport

@Suite(.timeLimit(.minutes(20))) struct AdmissionTests {
  @Test(arguments: Fabric.allCases)
  func anUnknownKeyIsRefusedWhileAKnownOneIsServed(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, friend, stranger) = (try await world.node(), try await world.node(), try await world.node())
      let admission = TransportAdmission(.only([friend.key]))
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: admission)
      let asked = Counter()
      try await serving(receiver) { request in
        asked.increment()
        return request.frames
      } while: {
        await #expect(throws: TransportError.handshakeRefused) {
          try await stranger.send(MessageFrames("let me in"), to: receiver.address, deadline: patience)
        }
        #expect(asked.value == 0)
        let reply = try await friend.send(MessageFrames("hello"), to: receiver.address, deadline: patience)
        #expect(reply.text == "hello")

        admission.replace(with: .only([friend.key, stranger.key]))
        let late = try await stranger.send(MessageFrames("and now"), to: receiver.address, deadline: patience)
        #expect(late.text == "and now")
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aWithdrawnKeyIsSilencedOnItsStandingConnection(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let admission = TransportAdmission(.any)
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: admission)
      let asked = Counter()
      try await serving(receiver) { request in
        asked.increment()
        return request.frames
      } while: {
        _ = try await client.send(MessageFrames("hello"), to: receiver.address, deadline: patience)
        admission.replace(with: .only([]))
        await #expect(throws: TransportError.self) {
          try await client.send(MessageFrames("again"), to: receiver.address, deadline: .milliseconds(200))
        }
        #expect(asked.value == 1)
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func eachSocketOfANodeHasItsOwnAdmission(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let open = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let shut = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.only([])))
      try await serving(open, echo) {
        _ = try await client.send(MessageFrames("hello"), to: open.address, deadline: patience)
        await #expect(throws: TransportError.handshakeRefused) {
          try await client.send(MessageFrames("hello"), to: shut.address, deadline: patience)
        }
      }
    }
  }
}

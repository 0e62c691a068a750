import Testing
import Transport

@Suite(.timeLimit(.minutes(20))) struct RequestTests {
  @Test(arguments: Fabric.allCases)
  func aRequestBringsBackItsAnswerAndShowsTheSendersKey(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      #expect(receiver.address.serverKey == server.key)
      #expect(receiver.address.endpoint.port != 0)
      let payload = recognisablePayload(count: MessageFrames.payloadByteLimit)
      let request = try MessageFrames(envelope: [1, 2, 3], payload: payload)
      let clientKey = client.key
      try await serving(receiver) { request in
        request.peer == clientKey ? request.frames : nil
      } while: {
        let reply = try await client.send(request, to: receiver.address, deadline: patience)
        #expect(reply.envelope == request.envelope)
        #expect(areEqual(reply.payload, payload))
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func twoHundredConcurrentRequestsToThreePeersEachGetTheirOwnAnswer(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let client = try await world.node()
      try await withThrowingTaskGroup(of: Void.self) { servers in
        var peers: [PeerAddress] = []
        for name in 0..<3 {
          let server = try await world.node()
          let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
          peers.append(receiver.address)
          servers.addTask {
            try await receiver.serve(concurrencyLimit: 256, overloaded: { _ in nil }) { request in
              // Answers in another order than the requests came.
              for _ in 0..<Int(request.frames.envelope.last! % 8) { await Task.yield() }
              return try? MessageFrames("\(name):\(request.frames.text)")
            }
          }
        }
        let addresses = peers
        try await withThrowingTaskGroup(of: Void.self) { requests in
          for number in 0..<200 {
            requests.addTask {
              let reply = try await client.send(
                MessageFrames("request \(number)"), to: addresses[number % 3], deadline: patience)
              #expect(reply.text == "\(number % 3):request \(number)")
            }
          }
          try await requests.waitForAll()
        }
        servers.cancelAll()
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aSilentPeerCostsOneDeadlineAndNothingElse(fabric: Fabric) async throws {
    // The loopback's time passes only when the request has arrived; the library's sockets send before they look at it.
    let clock = HandMovedClock()
    try await withWorld(fabric, clock: clock) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let (arrived, ended) = (Counter(), Counter())
      try await serving(receiver) { request in
        guard request.frames.text == "silence" else { return request.frames }
        arrived.increment()
        return nil
      } while: {
        // The first answer shows that the connection stands, so the next request surely leaves.
        _ = try await client.send(MessageFrames("hello"), to: receiver.address, deadline: patience)
        let request = Task {
          defer { ended.increment() }
          return try await client.send(MessageFrames("silence"), to: receiver.address, deadline: .milliseconds(100))
        }
        try await eventually("the request arrives") { arrived.value == 1 }
        try await eventually("its time is up") {
          _ = clock.moveToNextSleeper()
          return ended.value == 1
        }
        await #expect(throws: TransportError.deadlineExpired) { try await request.value }
        let reply = try await client.send(MessageFrames("hello"), to: receiver.address, deadline: patience)
        #expect(reply.text == "hello")
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aPeerThatIsNotThereIsUnreachable(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      await server.close()
      await #expect(throws: TransportError.unreachable) {
        try await client.send(MessageFrames("hello"), to: receiver.address, deadline: .milliseconds(100))
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aPeerWithAnotherKeyIsUnreachable(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let asked = Counter()
      try await serving(receiver) { request in
        asked.increment()
        return request.frames
      } while: {
        var impostor = receiver.address
        impostor.serverKey = TransportKeyPair.fresh().publicKey
        await #expect(throws: TransportError.unreachable) {
          try await client.send(MessageFrames("hello"), to: impostor, deadline: .milliseconds(300))
        }
        #expect(asked.value == 0)
        _ = try await client.send(MessageFrames("hello"), to: receiver.address, deadline: patience)
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aPeerThatRestartsAtTheSameEndpointIsReachedAgain(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let keys = TransportKeyPair.fresh()
      let client = try await world.node()
      let first = try await world.node(keys: keys)
      let receiver = try await bindLasting { try await first.bindReceiver(at: $0, admission: TransportAdmission(.any)) }
      try await serving(receiver, echo) {
        _ = try await client.send(MessageFrames("one"), to: receiver.address, deadline: patience)
      }
      await first.close()
      await #expect(throws: TransportError.self) {
        try await client.send(MessageFrames("two"), to: receiver.address, deadline: .milliseconds(100))
      }

      let second = try await world.node(keys: keys)
      let rebound = try await bindAgain {
        try await second.bindReceiver(at: receiver.address.endpoint, admission: TransportAdmission(.any))
      }
      #expect(rebound.address == receiver.address)
      try await serving(rebound, echo) {
        let reply = try await client.send(MessageFrames("three"), to: receiver.address, deadline: patience)
        #expect(reply.text == "three")
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aRequestWaitsForAPeerThatStartsBeforeTheDeadline(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let keys = TransportKeyPair.fresh()
      let client = try await world.node()
      let first = try await world.node(keys: keys)
      let address = try await bindLasting {
        try await first.bindReceiver(at: $0, admission: TransportAdmission(.any)).address
      }
      await first.close()
      let early = Task { try await client.send(MessageFrames("early"), to: address, deadline: patience) }
      let second = try await world.node(keys: keys)
      let receiver = try await bindAgain {
        try await second.bindReceiver(at: address.endpoint, admission: TransportAdmission(.any))
      }
      // Also: it waits between binding and serving.
      let text = try await serving(receiver, echo) { try await early.value.text }
      #expect(text == "early")
    }
  }

  @Test(arguments: Fabric.allCases)
  func aReceiverAnswersBusyBeyondItsConcurrencyLimit(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let latch = Latch()
      let busy = try MessageFrames("busy")
      try await serving(receiver, concurrencyLimit: 3, overloaded: { _ in busy }) { request in
        await latch.pass()
        return request.frames
      } while: {
        try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<3 {
            group.addTask {
              try await client.send(MessageFrames("work"), to: receiver.address, deadline: patience).text
            }
          }
          try await eventually("three requests are at work") { latch.arrivalCount == 3 }
          for _ in 0..<5 {
            let reply = try await client.send(MessageFrames("more"), to: receiver.address, deadline: patience)
            #expect(reply.text == "busy")
          }
          latch.open()
          for try await text in group { #expect(text == "work") }
        }
        // The places are free again.
        let reply = try await client.send(MessageFrames("later"), to: receiver.address, deadline: patience)
        #expect(reply.text == "later")
        #expect(latch.arrivalCount == 4)
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aSenderRefusesToHaveMoreUnderWayThanItsLimit(fabric: Fabric) async throws {
    try await withWorld(fabric, inFlightLimit: 2) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let latch = Latch()
      try await serving(receiver) { request in
        await latch.pass()
        return request.frames
      } while: {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<2 {
            group.addTask {
              _ = try await client.send(MessageFrames("work"), to: receiver.address, deadline: patience)
            }
          }
          try await eventually("two requests are at work") { latch.arrivalCount == 2 }
          await #expect(throws: TransportError.busy(limit: 2)) {
            try await client.send(MessageFrames("more"), to: receiver.address, deadline: patience)
          }
          latch.open()
          try await group.waitForAll()
        }
        _ = try await client.send(MessageFrames("later"), to: receiver.address, deadline: patience)
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func cancellingARequestEndsItAtOnceAndFreesItsPlace(fabric: Fabric) async throws {
    try await withWorld(fabric, inFlightLimit: 1) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let latch = Latch()
      try await serving(receiver) { request in
        if request.frames.text == "wait" { await latch.pass() }
        return request.frames
      } while: {
        for round in 1...20 {
          let request = Task {
            try await client.send(MessageFrames("wait"), to: receiver.address, deadline: .seconds(3600))
          }
          // Every other round is cancelled while the request is still on its way.
          if round.isMultiple(of: 2) { try await eventually("it is at work") { latch.arrivalCount >= round / 2 } }
          request.cancel()
          await #expect(throws: TransportError.cancelled) { try await request.value }
          try await eventually("its place is free") {
            do {
              return try await client.send(MessageFrames("go"), to: receiver.address, deadline: patience).text == "go"
            } catch TransportError.busy {
              return false
            }
          }
        }
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func closingANodeEndsItsCallersAndItsServices(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      let latch = Latch()
      let service = Task {
        try await receiver.serve(concurrencyLimit: 4, overloaded: { _ in nil }) { request in
          await latch.pass()
          return request.frames
        }
      }
      let request = Task {
        try await client.send(MessageFrames("wait"), to: receiver.address, deadline: .seconds(3600))
      }
      let topic = Topic("head")!
      let following = Task { try await client.follow([topic], of: receiver.address) { _ in } }
      try await eventually("it is at work") { latch.arrivalCount == 1 }

      await client.close()
      await #expect(throws: TransportError.closed) { try await request.value }
      await #expect(throws: TransportError.closed) { try await following.value }
      await #expect(throws: TransportError.closed) {
        try await client.send(MessageFrames("late"), to: receiver.address, deadline: patience)
      }
      await #expect(throws: TransportError.closed) {
        try await client.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      }
      await client.close()

      await server.close()
      latch.open()
      await #expect(throws: TransportError.closed) { try await service.value }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aServiceEndsWhenItsTaskIsCancelledAndServesOnlyOnce(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (server, client) = (try await world.node(), try await world.node())
      let receiver = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      try await serving(receiver, echo) {
        _ = try await client.send(MessageFrames("one"), to: receiver.address, deadline: patience)
      }
      await #expect(throws: TransportError.closed) {
        try await receiver.serve(concurrencyLimit: 1, overloaded: { _ in nil }, handle: echo)
      }
      await #expect(throws: TransportError.self) {
        try await client.send(MessageFrames("two"), to: receiver.address, deadline: .milliseconds(100))
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func anEndpointIsBoundByOneOnly(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (one, other) = (try await world.node(), try await world.node())
      let endpoint = try await one.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any)).address
        .endpoint
      await #expect(throws: TransportError.endpointTaken(endpoint)) {
        try await other.bindReceiver(at: endpoint, admission: TransportAdmission(.any))
      }
      await #expect(throws: TransportError.endpointTaken(endpoint)) {
        try await other.bindPublisher(at: endpoint, admission: TransportAdmission(.any))
      }
    }
  }
}

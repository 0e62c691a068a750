import Testing
import Transport

@Suite(.timeLimit(.minutes(20))) struct PublicationTests {
  private let head = Topic("head")!
  private let header = Topic("header")!

  @Test(arguments: Fabric.allCases)
  func aFollowerGetsItsTopicsInOrderAndNoOthers(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (chain, client) = (try await world.node(), try await world.node())
      let publisher = try await chain.bindPublisher(
        at: .anyLoopbackPort, admission: TransportAdmission(.only([client.key])))
      let seen = Log<Publication>()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { [head] in
          try await client.follow([head], of: publisher.address) { publication in
            seen.append(publication)
          }
        }
        // The slow joiner misses the first ones; only then does the count begin.
        try await eventually("the follower hears the publisher") {
          try publisher.publish(MessageFrames("tuning"), on: head)
          return !seen.entries.isEmpty
        }
        for height in 0..<100 {
          try publisher.publish(MessageFrames("other \(height)"), on: header)
          try publisher.publish(MessageFrames(envelope: Array("\(height)".utf8), payload: [1, 2, 3]), on: head)
        }
        try await eventually("the last one arrives") { seen.entries.last?.frames.text == "99" }
        group.cancelAll()
        try await group.waitForAll()
      }
      let counted = seen.entries.filter { $0.frames.text != "tuning" }
      #expect(counted.map(\.frames.text) == (0..<100).map(String.init))
      #expect(counted.allSatisfy { $0.topic == head && $0.frames.payload == [1, 2, 3] })
    }
  }

  @Test(arguments: Fabric.allCases)
  func aFollowerThatIsNotAdmittedIsToldSo(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let (chain, stranger) = (try await world.node(), try await world.node())
      let publisher = try await chain.bindPublisher(at: .anyLoopbackPort, admission: TransportAdmission(.only([])))
      await #expect(throws: TransportError.handshakeRefused) {
        try await stranger.follow([head], of: publisher.address) { _ in }
      }
    }
  }

  @Test(arguments: Fabric.allCases)
  func aPublisherThatWasClosedRefusesToPublish(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let chain = try await world.node()
      let publisher = try await chain.bindPublisher(at: .anyLoopbackPort, admission: TransportAdmission(.any))
      try publisher.publish(MessageFrames("to nobody"), on: head)
      await chain.close()
      #expect(throws: TransportError.closed) { try publisher.publish(MessageFrames("late"), on: head) }
    }
  }

  @Test(arguments: Fabric.allCases)
  func followingGoesOnAfterThePublisherRestarted(fabric: Fabric) async throws {
    try await withWorld(fabric) { world in
      let keys = TransportKeyPair.fresh()
      let client = try await world.node()
      let first = try await world.node(keys: keys)
      let one = try await bindLasting { try await first.bindPublisher(at: $0, admission: TransportAdmission(.any)) }
      let seen = Log<String>()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { [head] in
          try await client.follow([head], of: one.address) { publication in
            seen.append(publication.frames.text)
          }
        }
        try await eventually("the first is heard") {
          try one.publish(MessageFrames("one"), on: head)
          return seen.entries.contains("one")
        }
        await first.close()
        let second = try await world.node(keys: keys)
        let two = try await bindAgain {
          try await second.bindPublisher(at: one.address.endpoint, admission: TransportAdmission(.any))
        }
        try await eventually("the second is heard") {
          try two.publish(MessageFrames("two"), on: head)
          return seen.entries.contains("two")
        }
        group.cancelAll()
      }
    }
  }
}

import Testing
import Transport

@Suite struct AddressTests {
  @Test(arguments: ["tcp://127.0.0.1:0", "tcp://10.1.2.3:65535", "tcp://[2001:db8::7]:8091", "loop://chain/queries"])
  func anEndpointReadsBackAsItIsWritten(text: String) throws {
    #expect(try #require(Endpoint(text)).description == text)
  }

  @Test(arguments: [
    "", "tcp://", "tcp://localhost:1", "tcp://*:5", "tcp://eth0:5", "tcp://1.2.3.4", "tcp://1.2.3.4:65536",
    "tcp://1.2.3.4:+5", "tcp://1.2.3.4:", "tcp://1.2.3:4", "tcp://2001:db8::7:80", "tcp://[1.2.3.4]:5",
    "tcp://1.2.3.4;5.6.7.8:9", "tcp://1.2.3.4\0:9", "tcp://[fe80::1%eth0]:9", "ipc:///tmp/x", "inproc://x", "loop://",
    "loop://Großes", "loop://" + String(repeating: "x", count: 65),
  ])
  func anythingElseIsNoEndpoint(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test func addressesHaveFourOrSixteenBytes() {
    #expect(IPAddress(bytes: [10, 0, 0, 7])?.description == "10.0.0.7")
    #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1])?.description == "::1")
    #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    #expect(IPAddress(bytes: []) == nil)
  }

  @Test func aKeyPairShowsOnlyItsPublicHalf() throws {
    let secret = [UInt8](repeating: 0xAB, count: 32)
    let key = try #require(TransportKey([UInt8](repeating: 0xCD, count: 32)))
    let pair = try #require(TransportKeyPair(publicKey: key, secretBytes: secret))
    var dumped = ""
    dump(pair, to: &dumped)
    for text in ["\(pair)", String(reflecting: pair), dumped] {
      #expect(text.contains("cdcd"))
      #expect(!text.contains("abab") && !text.contains("171"))
    }
    #expect(TransportKeyPair(publicKey: key, secretBytes: [1]) == nil)
  }
}

@Suite struct MessageFramesTests {
  @Test func aPayloadIsCutIntoChunksAndPutTogetherAgain() throws {
    for count in [0, 1, 262_143, 262_144, 262_145, MessageFrames.payloadByteLimit] {
      let payload = recognisablePayload(count: count)
      let frames = try MessageFrames(envelope: [7], payload: payload)
      #expect(areEqual(frames.payload, payload))
      #expect(frames.chunks.count == (count + 262_143) / 262_144)
    }
  }

  @Test func whatExceedsACapIsNoMessage() {
    let frame = [UInt8](repeating: 0, count: MessageFrames.frameByteLimit + 1)
    #expect(throws: FrameError.frameTooLarge(bytes: frame.count)) { try MessageFrames(envelope: frame) }
    #expect(throws: FrameError.frameTooLarge(bytes: frame.count)) { try MessageFrames(envelope: [], chunks: [frame]) }
    #expect(throws: FrameError.tooManyChunks(count: 17)) {
      try MessageFrames(envelope: [], chunks: Array(repeating: [], count: 17))
    }
    let payload = [UInt8](repeating: 0, count: MessageFrames.payloadByteLimit + 1)
    #expect(throws: FrameError.payloadTooLarge(bytes: payload.count)) {
      try MessageFrames(envelope: [], payload: payload)
    }
  }
}

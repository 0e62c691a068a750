import Plugins
import Testing

@Suite struct FrameTests {
  @Test(arguments: [1, 2, 3, 5, 1000])
  func messagesArriveWholeHoweverThePipeCutsThem(pieceLength: Int) throws {
    let messages: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 9, count: 300), [7]]
    let stream = messages.flatMap { PluginFrame.framed($0) }
    var assembler = FrameAssembler(limit: 300)
    var read: [[UInt8]] = []
    for start in stride(from: 0, to: stream.count, by: pieceLength) {
      assembler.append(stream[start..<min(start + pieceLength, stream.count)])
      while let message = try assembler.next() { read.append(message) }
    }
    #expect(read == messages)
    #expect(!assembler.isInsideMessage)
  }

  @Test func aLengthOverTheLimitIsRefusedBeforeAnythingOfTheMessageHasCome() {
    var assembler = FrameAssembler(limit: 300)
    assembler.append([0, 0, 1, 45])
    #expect(throws: FrameAssembler.TooLarge(announced: 301, limit: 300)) { try assembler.next() }
  }
}

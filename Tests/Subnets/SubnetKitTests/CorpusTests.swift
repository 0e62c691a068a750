@testable import ExampleSubnets
import Glibc
import SubnetKit
import Testing

@Suite struct CorpusTests {
  /// Runs a test in a new folder and removes it afterwards.
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/corpus-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
      for name in ["a", "b", "c", "link", "pipe"] { unlink("\(folder)/\(name)") }
      rmdir("\(folder)/inner")
      rmdir(folder)
    }
    try await body(folder)
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    try #require(descriptor >= 0)
    try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
  }

  private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
  }

  @Test func aMissingCorpusIsAnsweredWithTheFlagThatNamesOne() async throws {
    let error = await #expect(throws: MechanismError.self) {
      try await MechanismHost(Text.self, role: .validator, arguments: ["corpus=/nowhere/at/all"])
    }
    #expect(error?.code == .missingInput)
    #expect(
      error?.message
        == "Cannot read /nowhere/at/all (No such file or directory): name a folder of text files with --corpus DIR.")
  }

  @Test func aFolderWithoutTextIsAnsweredWithTheFlagThatNamesOne() async throws {
    try await withFolder { folder in
      for role in MechanismRole.allCases {
        let error = await #expect(throws: MechanismError.self) {
          try await MechanismHost(Text.self, role: role, arguments: ["corpus=\(folder)"])
        }
        #expect(error?.code == .missingInput)
        #expect(error?.message.contains("--corpus DIR") == true)
      }
    }
  }

  @Test func aMinerLearnsFromATextTooShortToTestOn() async throws {
    try await withFolder { folder in
      // Too short to be held out, so all of it is for training.
      try write(Array("a short text".utf8), to: "\(folder)/a")
      _ = try await MechanismHost(Text.self, role: .miner, arguments: ["corpus=\(folder)"])
      await #expect(throws: MechanismError.self) {
        try await MechanismHost(Text.self, role: .validator, arguments: ["corpus=\(folder)"])
      }
    }
  }

  @Test func onlyRegularFilesAreReadInTheOrderOfTheirNames() async throws {
    try await withFolder { folder in
      try write([3], to: "\(folder)/c")
      try write([1], to: "\(folder)/a")
      try write([2, 2], to: "\(folder)/b")
      try #require(symlink("a", "\(folder)/link") == 0)
      try #require(mkfifo("\(folder)/pipe", 0o600) == 0)
      try #require(mkdir("\(folder)/inner", 0o700) == 0)
      #expect(try filesOfText(in: folder) == [[1], [2, 2], [3]])
      #expect(try filesOfText(in: folder, sizeLimit: 2) == [[1], [2]])
    }
  }

  @Test func theSplitDependsOnTheTextAlone() {
    let files = (0..<20).map { noise(10_000, seed: $0) }
    let all = Corpus(files: files)
    #expect((10...40).contains(all.heldOut.count))
    // Whatever else is in the folder, a block stands on the same side; a copy of a file stands beside it.
    let alone = files.flatMap { Corpus(files: [$0]).heldOut }
    #expect(all.heldOut == alone)
    #expect(Set(Corpus(files: files + files).heldOut) == Set(alone))
  }

  @Test func heldOutTextIsNotTrainedOn() {
    let corpus = Corpus(files: (0..<20).map { noise(10_000, seed: $0) })
    let windows = Set((0...corpus.training.count - 16).map { corpus.training[$0..<$0 + 16] })
    #expect(!corpus.heldOut.contains { windows.contains($0[100..<116]) })
    #expect(corpus.heldOut.allSatisfy { $0.count > Text.contextLengthLimit })
    let kept = corpus.training.count { $0 != 0 }
    #expect(kept + corpus.heldOut.reduce(0) { $0 + $1.count } == 200_000)
  }
}

@Suite struct ContextModelTests {
  /// Counts from the text itself, order by order: slow and plain.
  private func plainFrequencies(order: Int, text: [UInt8], after context: [UInt8]) -> [UInt16] {
    var probabilities = [Double](repeating: 1.0 / 256, count: 256)
    for length in 0...min(order, context.count) {
      var counts = [Double](repeating: 0, count: 256)
      for place in text.indices {
        let before = (0..<length).map { place - 1 - $0 >= 0 ? text[place - 1 - $0] : 0 }
        if before == Array(context.reversed().prefix(length)) { counts[Int(text[place])] += 1 }
      }
      let total = counts.reduce(0, +)
      guard total > 0 else { break }
      let novelty = Double(counts.count { $0 > 0 })
      probabilities = zip(counts, probabilities).map { ($0 + novelty * $1) / (total + novelty) }
    }
    return probabilities.map { max(1, UInt16(($0 * 65535).rounded())) }
  }

  @Test(arguments: 0...5)
  func theSortedModelAgreesWithPlainCounting(_ order: Int) {
    var random = SeededRandom(seed: UInt64(order))
    let text = (0..<300).map { _ in UInt8.random(in: 97...100, using: &random) }
    let model = ContextModel(order: order, text: text)
    for length in 0...8 {
      let context = (0..<length).map { _ in UInt8.random(in: 97...101, using: &random) }
      #expect(model.frequencies(after: context) == plainFrequencies(order: order, text: text, after: context))
    }
  }

  @Test func withoutTextEveryByteIsAsLikely() {
    #expect(Set(ContextModel(order: 4, text: []).frequencies(after: [1, 2, 3])).count == 1)
  }

  @Test func aRepeatingTextIsLearnt() {
    let text = (0..<100).flatMap { _ in Array("abc".utf8) }
    let frequencies = ContextModel(order: 2, text: text).frequencies(after: Array("ab".utf8))
    #expect(frequencies[Int(UInt8(ascii: "c"))] > 60_000)
  }
}

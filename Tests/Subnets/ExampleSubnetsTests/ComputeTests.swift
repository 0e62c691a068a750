@testable import ExampleSubnets
import Primitives
import SubnetKit
import Testing

@Suite struct FieldMatrixTests {
  /// The schoolbook product with nothing clever in it.
  private func plainProduct(_ left: FieldMatrix, _ right: FieldMatrix) -> FieldMatrix {
    var product = FieldMatrix(size: left.size)
    for row in 0..<left.size {
      for column in 0..<left.size {
        var sum: UInt64 = 0
        for inner in 0..<left.size {
          sum = (sum + UInt64(left[row, inner]) * UInt64(right[inner, column])) % UInt64(FieldMatrix.modulus)
        }
        product[row, column] = UInt32(sum)
      }
    }
    return product
  }

  @Test(arguments: [2, 3, 7, 16]) func theProductIsThatOfTheSchoolbook(size: Int) {
    let left = FieldMatrix(size: size, seed: 3)
    let right = FieldMatrix(size: size, seed: 4)
    #expect(left.multiplied(by: right) == plainProduct(left, right))
  }

  @Test func aColumnIsMappedAsByTheProduct() {
    let left = FieldMatrix(size: 9, seed: 5)
    let right = FieldMatrix(size: 9, seed: 6)
    let column = (0..<9).map { FieldMatrix.modulus - 1 - UInt32($0) }
    #expect(left.multiplied(by: right).applied(to: column) == left.applied(to: right.applied(to: column)))
    #expect(left != right)
    #expect(Set(left.entries).count == 81)
  }

  @Test func theLargestEntriesDoNotOverflow() {
    var full = FieldMatrix(size: 64)
    for row in 0..<64 { for column in 0..<64 { full[row, column] = FieldMatrix.modulus - 1 } }
    // (-1)² summed 64 times.
    let product = full.multiplied(by: full)
    #expect(product.entries.allSatisfy { $0 == 64 })
    #expect(full.applied(to: full.entries.prefix(64).map { $0 }).allSatisfy { $0 == 64 })
  }

  @Test func bytesComeBackAsTheMatrixTheyWereMadeFrom() {
    let matrix = FieldMatrix(size: 5, seed: 3)
    #expect(FieldMatrix(size: 5, bytes: matrix.bytes) == matrix)
    #expect(FieldMatrix(size: 4, bytes: matrix.bytes) == nil)
    #expect(FieldMatrix(size: 5, bytes: matrix.bytes.dropLast()) == nil)
    // The modulus itself is 0 under another name.
    #expect(FieldMatrix(size: 1, bytes: [0xff, 0xff, 0xff, 0x7f]) == nil)
    #expect(FieldMatrix(size: 1, bytes: [0xfe, 0xff, 0xff, 0x7f]) != nil)
  }

  @Test func anElementTimesItsInverseIsOne() {
    for element in [1, 2, 3, 65537, FieldMatrix.modulus - 1] as [UInt32] {
      #expect(fieldProduct(element, fieldInverse(element)) == 1)
    }
  }
}

@Suite struct ComputeTests {
  /// Each cheat fails because of one guard, and earns when that is taken away:
  /// `zero`, `random` and `rows` because every row of the product is tried, `old` because each round has a seed of its
  /// own, `copy` because the left matrix is made with the miner's hotkey, `fit` because the check's columns are secret.
  @Test(arguments: ["zero", "random", "rows", "old", "copy", "fit"])
  func aCheatEarnsNothingBesideAnHonestMiner(cheat: String) async throws {
    var contest = Contest(Compute.self, miners: [[], ["cheat=\(cheat)"]])
    contest.validatorOptions = ["size=16"]
    let earned = try await contest.run()
    #expect(earned[0] == 1)
    #expect(earned[1] < cheatShareLimit * earned[0], "\(cheat): \(earned)")
  }

  @Test func everySingleWrongEntryIsNoticed() throws {
    let work = Compute.Work(size: 6, seed: [UInt8](repeating: 5, count: 32))
    let factors = try #require(MatrixFactors(of: work))
    let left = factors.left(for: Contest.hotkey(1))
    let product = left.multiplied(by: factors.right)
    let check = FreivaldsCheck(right: factors.right, secret: SHA256.digest(of: [9]))
    #expect(check.accepts(product, of: left))
    for row in 0..<6 {
      for column in 0..<6 {
        var wrong = product
        wrong[row, column] = (product[row, column] + 1) % FieldMatrix.modulus
        #expect(!check.accepts(wrong, of: left), "row \(row), column \(column)")
      }
    }
  }

  @Test func aSlowAnswerLosesUpToOneHalf() async throws {
    var contest = Contest(Compute.self, miners: [[]])
    contest.validatorOptions = ["size=4"]
    contest.latency = Contest.deadline / 2
    #expect(try await contest.run() == [0.75])
    contest.latency = Contest.deadline * 2
    #expect(try await contest.run() == [0.5])
  }

  @Test func answersOfAnyShapeAreWorthNothingAndDoNoHarm() throws {
    let compute = Compute(try Compute.setup(.validator, ["size=4"]))
    var random = SeededRandom(seed: 4)
    let challenge = compute.task(Round(number: 0, block: BlockNumber(1), netuid: NetUID(1)), random: &random)
    let shapes: [[UInt8]] = [[], [1], [UInt8](repeating: 255, count: 64), [UInt8](repeating: 0, count: 63)]
    let answers = shapes.enumerated().map { index, entries in
      Answer(
        miner: Contest.hotkey(index), uid: UID(UInt16(index)), response: Compute.Product(entries: entries),
        latency: .zero)
    }
    let context = ScoreContext(
      round: Round(number: 0, block: BlockNumber(1), netuid: NetUID(1)), block: BlockNumber(1), deadline: .seconds(1))
    let scores = try compute.score(answers, for: challenge, context)
    #expect(scores.map(\.value) == [0, 0, 0, 0])
  }

  @Test func aMinerRefusesWorkBeyondItsLimits() throws {
    let miner = Compute(try Compute.setup(.miner))
    let context = ForwardContext(
      caller: Contest.hotkey(1), uid: nil, block: BlockNumber(1), timeRemaining: .seconds(1))
    let seed = [UInt8](repeating: 0, count: 32)
    let works = [-1, 0, 1, 501, Int.max].map { Compute.Work(size: $0, seed: seed) } + [.init(size: 4, seed: [])]
    for work in works {
      let error = #expect(throws: MechanismError.self) { try miner.forward(work, context) }
      #expect(error?.code == .malformedRequest)
    }
  }

  @Test func neitherTheCheckNorTheGeneratorIsInTheRequest() throws {
    let compute = Compute(try Compute.setup(.validator))
    var random = SeededRandom(seed: 4)
    let challenge = compute.task(Round(number: 0, block: BlockNumber(1), netuid: NetUID(1)), random: &random)
    #expect(challenge.request.seed != challenge.expected)
    #expect(try MessageCoder.requests.encode(challenge.request).count < 64)
  }
}

public import SubnetKit
import Primitives

/// Work that is dear to do and cheap to check: products of large matrices over a prime field.
///
/// A task is a short seed. Everybody makes the two matrices from it: the left one is the miner's own, since its hotkey
/// goes into it, the right one is the same for all. A miner sends the product; the validator puts each through
/// Freivalds' test, which takes `size²` steps where the work takes `size³`.
///
/// A wrong product is worth nothing, however little is wrong. A right one is worth 1, less up to one half for the time
/// that it took.
public struct Compute: IncentiveMechanism {
  public static let name = "compute"
  public static let summary = "miners multiply matrices, validators check without multiplying"

  public static let size = MechanismOption.integer(
    "size", default: 128, in: 2...FieldMatrix.sizeLimit, "validator: rows and columns of a matrix")
  static let cheat = MechanismOption.choice(
    "cheat", default: ComputeCheat.none, "miner: how it cheats")
  public static let options = OptionTable(size, cheat)

  /// The share of its worth that the slowest right answer loses.
  public static let latencyShare = 0.5

  /// What the matrices are made from.
  public struct Work: Codable, Hashable, Sendable {
    /// Rows and columns of each matrix, 2 to 500.
    public var size: Int
    /// 32 bytes that nobody could know before.
    public var seed: [UInt8]

    public init(size: Int, seed: [UInt8]) {
      self.size = size
      self.seed = seed
    }
  }

  /// The product.
  public struct Product: Codable, Hashable, Sendable {
    /// Row by row, each entry in four bytes, the lowest first.
    public var entries: [UInt8]

    public init(entries: [UInt8]) { self.entries = entries }
  }

  private let size: Int
  private let cheater: ComputeCheater?

  public init(_ setup: MechanismSetup) {
    size = setup[Self.size]
    cheater = ComputeCheater(setup[Self.cheat])
  }

  /// Draws a seed; what answers are checked with stays here.
  ///
  /// The guard against old results and against crafted ones: both digests are new in each round, and the second is not
  /// sent, so no answer can be fitted to the columns that it will be tried on.
  public func task(_ round: Round, random: inout SeededRandom) -> Challenge<Work, [UInt8]> {
    let secret = TaskSecret(drawnFrom: &random)
    let work = Work(size: size, seed: secret.digest(for: "compute matrices").bytes)
    return Challenge(work, expecting: secret.digest(for: "compute check").bytes)
  }

  /// Multiplies.
  public func forward(_ work: Work, _ context: ForwardContext) throws -> Product {
    guard let factors = MatrixFactors(of: work) else {
      throw MechanismError(
        .malformedRequest, "A task has a size of 2 to \(FieldMatrix.sizeLimit) and a seed of 32 bytes.")
    }
    if let cheater { return Product(entries: cheater.product(of: factors, for: context.miner).bytes) }
    return Product(entries: factors.left(for: context.miner).multiplied(by: factors.right).bytes)
  }

  public func score(
    _ answers: [Answer<Product>], for challenge: Challenge<Work, [UInt8]>, _ context: ScoreContext
  ) throws -> [Score] {
    guard let factors = MatrixFactors(of: challenge.request), let secret = Bytes32(challenge.expected) else {
      throw MechanismError(.failed, "The task is not one of this mechanism.")
    }
    let check = FreivaldsCheck(right: factors.right, secret: secret)
    return try answers.map { answer in
      guard let product = FieldMatrix(size: factors.size, bytes: answer.response.entries) else {
        return .zero(because: "not a matrix of the size asked for")
      }
      guard check.accepts(product, of: factors.left(for: answer.miner)) else { return .zero(because: "wrong product") }
      return try Score(clamping: 1 - Compute.latencyShare * context.share(of: answer.latency), because: "right")
    }
  }
}

/// The matrices of one task.
struct MatrixFactors: Sendable {
  let size: Int
  /// The same for all miners.
  let right: FieldMatrix
  let seed: [UInt8]

  /// Nil when a size or seed from outside is none of this mechanism's.
  init?(of work: Compute.Work) {
    guard (2...FieldMatrix.sizeLimit).contains(work.size), work.seed.count == Bytes32.count else { return nil }
    size = work.size
    seed = work.seed
    right = MatrixFactors.matrix(size: work.size, from: SHA256.digest(of: Array("right".utf8), work.seed))
  }

  /// The left matrix of one miner.
  ///
  /// The guard against copies: with the hotkey in it, the work of one miner is of no use to another, also where both
  /// belong to one operator.
  func left(for miner: Hotkey) -> FieldMatrix {
    MatrixFactors.matrix(size: size, from: SHA256.digest(of: Array("left".utf8), seed, miner.bytes))
  }

  /// The seed of a task is a fresh digest, so a fast generator is good enough: nobody can choose what it makes.
  private static func matrix(size: Int, from digest: Bytes32) -> FieldMatrix {
    FieldMatrix(size: size, seed: numbers(in: digest)[0])
  }
}

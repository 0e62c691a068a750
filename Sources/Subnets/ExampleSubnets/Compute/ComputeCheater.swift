import Primitives
import SubnetKit
import Synchronization

/// How a miner of ``Compute`` may try to be paid without the work.
enum ComputeCheat: String, Choice {
  /// It does the work.
  case none
  /// It sends zeros.
  case zero
  /// It sends numbers that look like a product.
  case random
  /// It multiplies one half of the rows.
  case rows
  /// It multiplies once, and sends that product for ever.
  case old
  /// It sends what is right for another hotkey, as if both shared one product.
  case copy
  /// It takes the check's columns for something that follows from the task, and fits a matrix of two columns to them.
  case fit
}

/// A miner that cheats.
final class ComputeCheater: Sendable {
  private let cheat: ComputeCheat
  private let first = Mutex<FieldMatrix?>(nil)

  /// Nil when the miner is honest.
  init?(_ cheat: ComputeCheat) {
    guard cheat != .none else { return nil }
    self.cheat = cheat
  }

  func product(of factors: MatrixFactors, for miner: Hotkey) -> FieldMatrix {
    switch cheat {
    case .none: factors.left(for: miner).multiplied(by: factors.right)
    case .zero: FieldMatrix(size: factors.size)
    case .random: FieldMatrix(size: factors.size, seed: UInt64(factors.right[0, 0]))
    case .rows: factors.left(for: miner).multiplied(by: factors.right, rows: factors.size / 2)
    case .old: old(factors, miner)
    case .copy: factors.left(for: twin(of: miner)).multiplied(by: factors.right)
    case .fit: fitted(to: factors, miner)
    }
  }

  private func old(_ factors: MatrixFactors, _ miner: Hotkey) -> FieldMatrix {
    first.withLock { first in
      if let first, first.size == factors.size { return first }
      let product = factors.left(for: miner).multiplied(by: factors.right)
      first = product
      return product
    }
  }

  /// The other hotkey of the same operator.
  private func twin(of miner: Hotkey) -> Hotkey {
    var bytes = miner.bytes
    bytes[0] ^= 1
    return Hotkey(bytes) ?? miner
  }

  /// A matrix that maps the two foreseen columns as the product would: two unknown columns, two equations a row.
  private func fitted(to factors: MatrixFactors, _ miner: Hotkey) -> FieldMatrix {
    var forged = FieldMatrix(size: factors.size)
    let columns = FreivaldsCheck.columns(size: factors.size, from: factors.publicDigest)
    let left = factors.left(for: miner)
    let images = columns.map { left.applied(to: factors.right.applied(to: $0)) }
    let (a, b, c, d) = (columns[0][0], columns[0][1], columns[1][0], columns[1][1])
    let scale = fieldInverse(fieldDifference(fieldProduct(a, d), fieldProduct(b, c)))
    for row in 0..<factors.size {
      let (first, second) = (images[0][row], images[1][row])
      forged[row, 0] = fieldProduct(scale, fieldDifference(fieldProduct(first, d), fieldProduct(second, b)))
      forged[row, 1] = fieldProduct(scale, fieldDifference(fieldProduct(second, a), fieldProduct(first, c)))
    }
    return forged
  }
}

extension MatrixFactors {
  /// What the check's secret would be, if it were made from what the miners see.
  var publicDigest: Bytes32 { SHA256.digest(of: Array("compute check".utf8), seed) }
}

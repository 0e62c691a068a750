import Keys
import SubnetKit
import Synchronization

/// Where request ids and salts come from: the system's generator, or a seed where a run is to be repeated.
package struct RandomSource: Sendable {
  private let draw: @Sendable (Int) -> [UInt8]

  /// Numbers that nobody can guess.
  package static let system = RandomSource { SecureRandom.bytes(count: $0) }

  private init(draw: @escaping @Sendable (Int) -> [UInt8]) { self.draw = draw }

  /// Numbers that follow from a seed; for tests and simulations only, since whoever knows the seed knows every salt.
  package static func seeded(_ seed: UInt64) -> RandomSource {
    final class Sequence: Sendable {
      let random: Mutex<SeededRandom>
      init(_ seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }
    }
    let sequence = Sequence(seed)
    return RandomSource { count in
      sequence.random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    }
  }

  package func bytes(_ count: Int) -> [UInt8] { draw(count) }

  package func number() -> UInt64 { draw(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

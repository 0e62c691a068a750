/// What one guess of a password costs: argon2id's passes over a block of memory.
///
/// A value of this type is within the floor and the ceiling: a hostile file can neither make guesses cheap nor
/// ask for a hundred gibibytes.
package struct PasswordCost: Hashable, Sendable {
  package let passes: UInt64
  package let memoryBytes: UInt64

  package static let passesBounds: ClosedRange<UInt64> = 2...10
  package static let memoryBytesBounds: ClosedRange<UInt64> = (64 << 20)...(1 << 30)

  /// Nil outside the bounds.
  package init?(passes: UInt64, memoryBytes: UInt64) {
    guard PasswordCost.passesBounds.contains(passes), PasswordCost.memoryBytesBounds.contains(memoryBytes) else {
      return nil
    }
    self.passes = passes
    self.memoryBytes = memoryBytes
  }

  /// The default for key files: 3 passes over 256 MiB, about a third of a second.
  package static let moderate = PasswordCost(passes: 3, memoryBytes: 256 << 20)!
  /// The floor: 2 passes over 64 MiB.
  package static let least = PasswordCost(passes: 2, memoryBytes: 64 << 20)!
}

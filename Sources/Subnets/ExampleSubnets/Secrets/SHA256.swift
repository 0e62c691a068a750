import Primitives

/// The hash of FIPS 180-4, a message at a time.
///
/// A copy of a hash that has taken a common beginning goes on by itself, so that beginning is hashed once.
struct SHA256: Sendable {
  private var state: SIMD8<UInt32> = SHA256.initialState
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  private static let blockLength = 64
  /// The bytes of a digest.
  static let digestLength = 32

  /// The digest of texts of bytes, one after another.
  static func digest(of parts: [UInt8]...) -> Bytes32 {
    var hash = SHA256()
    for part in parts { hash.update(part) }
    return hash.digest
  }

  /// Takes more of the message.
  mutating func update(_ bytes: [UInt8]) {
    byteCount += UInt64(bytes.count)
    pending += bytes
    let whole = pending.count / SHA256.blockLength * SHA256.blockLength
    guard whole > 0 else { return }
    compress(whole)
    pending.removeFirst(whole)
  }

  /// The digest of what was taken so far.
  var digest: Bytes32 {
    var last = self
    last.pad()
    let bytes = [UInt8](unsafeUninitializedCapacity: SHA256.digestLength) { buffer, count in
      for word in 0..<8 {
        for byte in 0..<4 {
          buffer.initializeElement(
            at: word * 4 + byte, to: UInt8(truncatingIfNeeded: last.state[word] &>> UInt32(24 - 8 * byte)))
        }
      }
      count = SHA256.digestLength
    }
    guard let digest = Bytes32(bytes) else { preconditionFailure("A digest has 32 bytes.") }
    return digest
  }

  /// One 1 bit, zeros, and the length in bits: up to the end of a block.
  private mutating func pad() {
    let bitCount = byteCount &* 8
    pending.append(0x80)
    let zeros = (SHA256.blockLength * 2 - 8 - pending.count) % SHA256.blockLength
    pending += [UInt8](repeating: 0, count: zeros)
    for shift in stride(from: 56, through: 0, by: -8) { pending.append(UInt8(truncatingIfNeeded: bitCount >> shift)) }
    compress(pending.count)
    pending = []
  }

  /// Works through the first `count` pending bytes, a multiple of the block's length.
  private mutating func compress(_ count: Int) {
    var state = state
    pending.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        for start in stride(from: 0, to: count, by: SHA256.blockLength) {
          SHA256.expand(bytes, from: start, into: schedule)
          SHA256.mix(schedule, into: &state)
        }
      }
    }
    self.state = state
  }

  private static func expand(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into schedule: UnsafeMutableBufferPointer<UInt32>
  ) {
    for word in 0..<16 {
      let at = start &+ word &* 4
      schedule[word] =
        UInt32(bytes[at]) &<< 24 | UInt32(bytes[at &+ 1]) &<< 16 | UInt32(bytes[at &+ 2]) &<< 8
        | UInt32(bytes[at &+ 3])
    }
    for word in 16..<64 {
      let far = schedule[word &- 15]
      let near = schedule[word &- 2]
      let first = rotated(far, 7) ^ rotated(far, 18) ^ far &>> 3
      let second = rotated(near, 17) ^ rotated(near, 19) ^ near &>> 10
      schedule[word] = schedule[word &- 16] &+ first &+ schedule[word &- 7] &+ second
    }
  }

  private static func mix(_ schedule: UnsafeMutableBufferPointer<UInt32>, into state: inout SIMD8<UInt32>) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    roundConstants.withUnsafeBufferPointer { constants in
      for round in 0..<64 {
        let sum = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let choice = e & f ^ ~e & g
        let first = h &+ sum &+ choice &+ constants[round] &+ schedule[round]
        let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (a & b ^ a & c ^ b & c)
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ second)
      }
    }
    state = SIMD8(
      state[0] &+ a, state[1] &+ b, state[2] &+ c, state[3] &+ d, state[4] &+ e, state[5] &+ f, state[6] &+ g,
      state[7] &+ h)
  }

  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word &>> bits | word &<< (32 &- bits) }

  private static let initialState = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)

  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}

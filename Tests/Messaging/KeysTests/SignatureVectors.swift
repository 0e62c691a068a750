import Testing
import Keys
import Primitives

/// One published verification case and our pinned verdict on it.
struct SignatureVector: Sendable, CustomTestStringConvertible {
  let name: String
  let key: String
  let message: String
  let signature: String
  let isValid: Bool

  var testDescription: String { name }
}

extension SignatureVector {
  /// RFC 8032, section 7.1: tests 1, 2 and 3.
  static let rfc8032: [(seed: String, vector: SignatureVector)] = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      SignatureVector(
        name: "RFC 8032 test 1", key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
        signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb88215"
          + "90a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b", isValid: true)
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      SignatureVector(
        name: "RFC 8032 test 2", key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
        signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e4"
          + "3e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", isValid: true)
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      SignatureVector(
        name: "RFC 8032 test 3", key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        message: "af82",
        signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b53"
          + "8d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a", isValid: true)
    ),
  ]

  /// The cases of novifinancial/ed25519-speccheck (`cases.json`), on which libraries disagree.
  ///
  /// Ours: only a key and an R of full or mixed order whose equation holds without cofactor.
  static let speccheck: [SignatureVector] = [
    speccheck(
      "key and R of small order, S = 0", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        + "0000000000000000000000000000000000000000000000000000000000000000", false),
    speccheck(
      "key of small order", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
        + "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04", false),
    speccheck(
      "R of small order", "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
        + "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e", false),
    speccheck(
      "mixed orders, both equations hold", "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
      "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
        + "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009", true),
    speccheck(
      "mixed orders, holds only with cofactor", "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
      "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
        + "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09", false),
    speccheck(
      "key of mixed order, holds only with cofactor",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
      "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
        + "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405", false),
    speccheck(
      "S above the group order", "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
      "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
      "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
        + "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514", false),
    speccheck(
      "S far above the group order", "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
      "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
      "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
        + "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22", false),
    speccheck(
      "R in a form that is not canonical", "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        + "454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607", false),
    speccheck(
      "R in a form that is not canonical, hashed as sent",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
        + "084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09", false),
  ]

  /// Cases 1-6, 9, 65-70 and 84 of C2SP/wycheproof `ed25519_test.json`, and all of 10-29: the product of special R and S.
  static let wycheproof: [SignatureVector] =
    [
      valid(
        1, "", "d4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc",
        "1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007"),
      valid(
        2, "78", "d80737358ede548acb173ef7e0399f83392fe8125b2ce877de7975d8b726ef5b",
        "1e76632280ee38afad12125ea44b961bf92f1178c9fa819d020869975bcbe109"),
      valid(
        3, "54657374", wycheproofR, "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d"),
      valid(
        4, "48656c6c6f", "1c1ad976cbaae3b31dee07971cf92c928ce2091a85f5899f5e11ecec90fc9f8e",
        "93df18c5037ec9b29c07195ad284e63d548cd0a6fe358cc775bd6c1608d2c905"),
      valid(
        5, "313233343030", "657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b",
        "f0cf5b3a289976458a1be6277a5055545253b45b07dcc1abd96c8b989c00f301"),
      valid(
        6, "000000000000000000000000", "d46543bfb892f84ec124dcdfc847034c19363bf3fc2fa89b1267833a14856e52",
        "e60736918783f950b6f1dd8d40dc343247cd43ce054c2d68ef974f7ed0f3c60f"),
      valid(
        9, "ffffffffffffffffffffffffffffffff", "5dbd7360e55aa38e855d6ad48c34bd35b7871628508906861a7c4776765ed7d1",
        "e13d910faabd689ec8618b78295c8ab8f0e19c8b4b43eb8685778499e943ae04"),
      altered(67, "s + 2^253", "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b32d"),
      altered(65, "s + 4L", "2ee12ce5875bf9dff26556464bae2ad239d4eef676573336a5c51eb6f946b34d"),
      altered(66, "s + 8L", "e2300459f1e742404cd934d2c595a6253ad4eef676573336a5c51eb6f946b38d"),
      altered(68, "s + 2^254", "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b34d"),
      altered(69, "s + 2^255", "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b38d"),
      altered(70, "s + 2^255 - 19", "679155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b38d"),
      SignatureVector(
        name: "case 84: S just under the bound",
        key: "100fdf47fb94f1536a4f7c3fda27383fa03375a8f527c537e6f1703c47f94f86",
        message: "124e583f8b8eca58bb29c271b41d36986bbc45541f8e51f9cb0133eca447601e",
        signature: "dac119d6ca87fc59ae611c157048f4d4fc932a149dbe20ec6effd1436abf83ea"
          + "05c7df0fef06147241259113909bc71bd3c53ba4464ffcad3c0968f2ffffff0f", isValid: true),
    ]
    + [zero, one, order, prime].flatMap { r in
      [zero, one, orderMinusOne, order, prime].map { s in
        SignatureVector(
          name: "cases 10-29: R \(r.prefix(6)) S \(s.prefix(6))", key: wycheproofKey, message: "3f", signature: r + s,
          isValid: false)
      }
    }

  static let zero = String(repeating: "0", count: 64)
  static let one = "01" + String(repeating: "0", count: 62)
  static let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"
  static let orderMinusOne = "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"
  static let prime = "ed" + String(repeating: "f", count: 60) + "7f"

  private static let wycheproofKey = "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa"
  private static let wycheproofR = "7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab0"

  private static func speccheck(
    _ name: String, _ key: String, _ message: String, _ signature: String, _ isValid: Bool
  ) -> SignatureVector {
    SignatureVector(name: name, key: key, message: message, signature: signature, isValid: isValid)
  }

  private static func valid(_ number: Int, _ message: String, _ r: String, _ s: String) -> SignatureVector {
    SignatureVector(name: "case \(number)", key: wycheproofKey, message: message, signature: r + s, isValid: true)
  }

  private static func altered(_ number: Int, _ what: String, _ s: String) -> SignatureVector {
    SignatureVector(
      name: "case \(number): \(what)", key: wycheproofKey, message: "54657374", signature: wycheproofR + s,
      isValid: false)
  }
}

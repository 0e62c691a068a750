/// The tables, as plain `sqlite3` shows them. Amounts are whole rao, times milliseconds since 1970, hashes and keys
/// 32-byte blobs (`hex(hash)`); a text that is null says that there is none.
///
/// ```sql
/// -- What one account did, newest first:
/// SELECT height, call, error, fee_rao FROM extrinsics WHERE signer = x'...' ORDER BY height DESC;
/// -- What was unstaked in subnet 3:
/// SELECT height, json_extract(fields, '$.amount') FROM events WHERE netuid = 3 AND name = 'StakeRemoved';
/// ```
///
/// Read a copy or a running store with `sqlite3 -readonly`; a write by anything else is reported as damage.
enum Schema {
  /// Raised by every change of the tables.
  static let version: Int64 = 1

  static let tables = [
    // What the file is: rows 'schema_version' and 'genesis_hash' (hexadecimal).
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // `digest` = hash of the previous digest and of all columns and rows of this block; see `StoredBlock.digest`.
    """
    CREATE TABLE blocks (
      height INTEGER PRIMARY KEY, hash BLOB NOT NULL, parent BLOB NOT NULL, timestamp INTEGER NOT NULL,
      state_root BLOB NOT NULL, header BLOB NOT NULL, body BLOB NOT NULL, digest BLOB NOT NULL)
    """,
    "CREATE UNIQUE INDEX blocks_by_hash ON blocks (hash)",
    // `code` 0 is success; `error` is the name that belongs to another code, `error_path` leads into nested calls.
    """
    CREATE TABLE extrinsics (
      height INTEGER NOT NULL, idx INTEGER NOT NULL, id BLOB NOT NULL, signer BLOB NOT NULL, nonce INTEGER NOT NULL,
      call TEXT NOT NULL, code INTEGER NOT NULL, error TEXT, error_path TEXT, fee_rao INTEGER NOT NULL,
      PRIMARY KEY (height, idx)) WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX extrinsics_by_id ON extrinsics (id)",
    "CREATE INDEX extrinsics_by_signer ON extrinsics (signer, nonce)",
    // `extrinsic` is the idx of the cause, null for the block step; `fields` is JSON, `encoded` the network's form.
    """
    CREATE TABLE events (
      height INTEGER NOT NULL, idx INTEGER NOT NULL, extrinsic INTEGER, name TEXT NOT NULL, netuid INTEGER,
      fields TEXT NOT NULL, encoded BLOB NOT NULL, PRIMARY KEY (height, idx)) WITHOUT ROWID
    """,
    // The state after a block: canonical bytes whose hash is the header's state root.
    """
    CREATE TABLE snapshots (
      height INTEGER PRIMARY KEY, state_root BLOB NOT NULL, body BLOB NOT NULL, digest BLOB NOT NULL)
    """,
  ]
}

-- What a clinic had stored with the first tables (0001), as it stood in the database then: plain, with every column that
-- may be empty both empty and filled. Kept as it is: it is the past. Loaded by first_schema.py.
INSERT INTO staff (id, email, name, title, role, password_hash, disabled_at, created_at) VALUES
  (1, 'ana@clinic.example', 'Ana Silva', 'Nurse', 'admin', '$argon2id$v=19$m=47104,t=1,p=1$c2FsdHNhbHQ$aGFzaA', NULL, '2025-03-01 08:00:00'),
  (2, 'jörg@clinic.example', 'Jörg Müller', '', 'clinician', NULL, '2025-04-01 08:00:00', '2025-03-01 09:00:00');
INSERT INTO patients (id, channel, channel_key, created_at, blocked_at, personal) VALUES
  (1, 'web', 'aa11bb22', '2025-05-01 10:00:00', NULL, '{"minox_after_h": 48}'),
  (2, 'telegram', '7001', '2025-05-02 10:00:00', '2025-05-09 10:00:00', '{}');
INSERT INTO treatments (id, patient_id, ended_at, certainty, depth_mm, told_by, created_at) VALUES
  (1, 1, '2025-05-01 09:00:00', 'said', NULL, 'patient', '2025-05-01 10:01:00'),
  (2, 2, '2025-05-01 16:30:00.250000', 'recorded', 1.5, 'clinic', '2025-05-02 10:00:00');
INSERT INTO conversations (id, patient_id, owner, owner_staff_id, claimed_by, claimed_until, created_at) VALUES
  ('aaaaaaaaaaaaaaaaaaaaaaaa', 1, 'bot', NULL, NULL, NULL, '2025-05-01 10:00:00'),
  ('bbbbbbbbbbbbbbbbbbbbbbbb', 2, 'clinician', 1, 'w1', '2025-05-02 10:00:20', '2025-05-02 10:00:00');
INSERT INTO messages (id, conversation_id, channel, external_id, author, staff_id, kind, text, buttons, payload, verdict, tier, topics, handling, delivery, attempts, next_attempt_at, failure, created_at) VALUES
  (1, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'web', 'c3d1a7', 'patient', NULL, 'text', 'Grüße 🧴 — ¿cuándo puedo lavarme?', '[]', NULL, '{"tier": "none", "signs": [], "lowered": []}', 0, '["washing"]', 'handled', NULL, 0, NULL, NULL, '2025-05-01 10:00:00'),
  (2, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'web', NULL, 'bot', NULL, 'text', 'From tomorrow at 09:00. Anything else?', '[{"title": "Yes", "payload": "/affirm"}]', NULL, NULL, 0, '[]', NULL, 'sent', 0, NULL, NULL, '2025-05-01 10:00:01'),
  (3, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'web', 'c3d1a8', 'patient', NULL, 'button', 'Yes', '[]', '/affirm', 'null', 0, '[]', 'handled', NULL, 0, NULL, NULL, '2025-05-01 10:01:00'),
  (4, 'bbbbbbbbbbbbbbbbbbbbbbbb', 'telegram', '501', 'patient', NULL, 'photo', 'yellow pus since this morning', '[]', NULL, '{"tier": "urgent", "signs": [{"id": "pus", "tier": "urgent", "start": 0, "end": 10, "evidence": "yellow pus"}], "lowered": []}', 2, '[]', 'held', NULL, 0, NULL, NULL, '2025-05-02 10:00:00'),
  (5, 'bbbbbbbbbbbbbbbbbbbbbbbb', 'telegram', NULL, 'clinician', 1, 'text', 'Please come in at 3 pm. O''Neill', '[]', NULL, NULL, 0, '[]', NULL, 'failed', 12, '2025-05-02 12:00:00', 'the patient has blocked the bot or left Telegram', '2025-05-02 10:05:00'),
  (6, 'bbbbbbbbbbbbbbbbbbbbbbbb', 'telegram', NULL, 'system', NULL, 'text', '', '[]', NULL, NULL, 0, '[]', NULL, 'sent', 1, NULL, NULL, '2025-05-02 10:06:00');
INSERT INTO attachments (id, message_id, content_type, size, stored_name) VALUES
  (1, 4, 'image/jpeg', 7, '0123456789abcdef0123456789abcdef');
INSERT INTO cases (id, conversation_id, tier, state, reason, signs, assignee_id, opened_at, due_at, acknowledged_at, closed_at, outcome, closing_note) VALUES
  (1, 'aaaaaaaaaaaaaaaaaaaaaaaa', 1, 'closed', 'concern', '[]', 1, '2025-05-01 11:00:00', '2025-05-01 15:00:00', '2025-05-01 11:30:00', '2025-05-01 12:00:00', 'advice_given', 'Rang her; all well — ça va'),
  (2, 'bbbbbbbbbbbbbbbbbbbbbbbb', 2, 'with_clinician', 'red_flag', '[{"message_id": 4, "id": "pus", "tier": "urgent", "start": 0, "end": 10, "evidence": "yellow pus"}]', 1, '2025-05-02 10:00:00', '2025-05-02 11:00:00', '2025-05-02 10:04:00', NULL, NULL, '');
INSERT INTO events (id, conversation_id, kind, data, at) VALUES
  (1, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'message', '{"message_id": 1}', '2025-05-01 10:00:00'),
  (2, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'message', '{"message_id": 2}', '2025-05-01 10:00:01'),
  (3, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'message', '{"message_id": 3}', '2025-05-01 10:01:00'),
  (4, 'bbbbbbbbbbbbbbbbbbbbbbbb', 'message', '{"message_id": 4}', '2025-05-02 10:00:00'),
  (5, 'bbbbbbbbbbbbbbbbbbbbbbbb', 'case', '{"case_id": 2, "state": "open", "tier": "urgent"}', '2025-05-02 10:00:00'),
  (6, 'bbbbbbbbbbbbbbbbbbbbbbbb', 'delivery', '{"message_id": 5, "delivery": "failed"}', '2025-05-02 10:05:00');
INSERT INTO audit (id, at, actor, action, conversation_id, case_id, detail) VALUES
  (1, '2025-05-02 10:00:00', 'bot', 'case_opened', 'bbbbbbbbbbbbbbbbbbbbbbbb', 2, '{"tier": "urgent", "reason": "red_flag"}'),
  (2, '2025-05-02 10:04:00', 'staff:1', 'signed_in', NULL, NULL, '{}');
INSERT INTO sign_in_links (token_hash, staff_id, expires_at, used_at) VALUES
  ('1111111111111111111111111111111111111111111111111111111111111111', 2, '2025-03-04 09:00:00', NULL);
INSERT INTO staff_sessions (token_hash, staff_id, csrf, created_at, expires_at) VALUES
  ('2222222222222222222222222222222222222222222222222222222222222222', 1, 'x', '2025-05-02 09:00:00', '2025-05-02 21:00:00');

// A PKCS#11 module that does what SoftHSM does, and what makers' drivers have been seen to do besides: hang, crash, lose
// their token, count tries, answer nonsense to size queries, want the PIN each time. How to behave is read anew at each
// call from the file in SHIM_BEHAVIOUR, `name=value` lines; what it was asked is written to SHIM_SEEN.
// With -DWINDOWS_SHAPE its structures are packed and CK_ULONG has four bytes, as on Windows: the same functions in the
// other layout, to be called by the same binding.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long N;  // SoftHSM's numbers here

#ifdef WINDOWS_SHAPE
#pragma pack(push, 1)
typedef uint32_t U;
#else
typedef unsigned long U;
#endif

struct attribute { U type; void *value; U length; };
struct mechanism { U kind; void *parameter; U length; };
struct pss { U hash, mask, salt; };
struct token_info {
  unsigned char label[32], maker[32], model[16], serial[16];
  U flags, counts[10];
  unsigned char versions[4], utc[16];
};
struct session_info { U slot, state, flags, error; };
struct mechanism_info { U least, most, flags; };
struct list { unsigned char version[2]; void *functions[68]; };

#ifdef WINDOWS_SHAPE
#pragma pack(pop)
#endif

struct n_attribute { N type; void *value; N length; };
struct n_mechanism { N kind; void *parameter; N length; };
struct n_pss { N hash, mask, salt; };
struct n_token_info {
  unsigned char label[32], maker[32], model[16], serial[16];
  N flags, counts[10];
  unsigned char versions[4], utc[16];
};
struct n_session_info { N slot, state, flags, error; };
struct n_mechanism_info { N least, most, flags; };
struct n_list { unsigned char version[2]; void *functions[68]; };

static struct n_list *real;
static int logged_in, context_given;

static long behave(const char *name, long usual) {
  const char *file = getenv("SHIM_BEHAVIOUR");
  FILE *in = file ? fopen(file, "r") : NULL;
  char line[200];
  long value = usual;
  while (in && fgets(line, sizeof line, in)) {
    char *is = strchr(line, '=');
    if (!is) continue;
    *is = 0;
    if (strcmp(line, name) == 0) value = strtol(is + 1, NULL, 0);
  }
  if (in) fclose(in);
  return value;
}

static void seen(const char *what, unsigned long number) {
  const char *file = getenv("SHIM_SEEN");
  FILE *out = file ? fopen(file, "a") : NULL;
  if (!out) return;
  fprintf(out, "%s %lu\n", what, number);
  fclose(out);
}

// hang_C_Sign=1, crash_C_Login=1 …
static void may_fall(const char *function) {
  char name[80];
  snprintf(name, sizeof name, "hang_%s", function);
  if (behave(name, 0)) for (;;) sleep(1000);
  snprintf(name, sizeof name, "crash_%s", function);
  if (behave(name, 0)) abort();
  // wait_C_Login=1: until it is told otherwise
  snprintf(name, sizeof name, "wait_%s", function);
  if (behave(name, 0)) seen(name, 1);
  while (behave(name, 0)) usleep(20000);
}

#define REAL(index, ...) ((N (*)(__VA_ARGS__))real->functions[index])
#define ENTER(name) \
  may_fall(#name); \
  if (behave("absent", 0)) return (U)behave("removed", 0x32)

static U initialize(void *arguments) {
  (void)arguments;
  may_fall("C_Initialize");
  long refuse = behave("initialize", 0);
  return refuse ? (U)refuse : (U)REAL(0, void *)(NULL);
}

static U get_slot_list(unsigned char present, U *list, U *count) {
  may_fall("C_GetSlotList");
  N slots[64], many = 64;
  N answer = REAL(4, unsigned char, N *, N *)(present, slots, &many);
  if (answer) return (U)answer;
  if (behave("absent", 0)) many = 0;
  if (!list) {
    *count = behave("zero_size", 0) ? 0 : (U)many;
    return 0;
  }
  if (*count < many) return 0x150;
  for (N i = 0; i < many; i++) list[i] = (U)slots[i];
  *count = (U)many;
  return 0;
}

// how often a wrong PIN may still be typed lives beside the behaviour file, as on a card
static long tries_left(void) {
  char file[4096];
  snprintf(file, sizeof file, "%s.tries", getenv("SHIM_BEHAVIOUR"));
  FILE *in = fopen(file, "r");
  long left = behave("tries", 0);
  if (in) {
    if (fscanf(in, "%ld", &left) != 1) left = 0;
    fclose(in);
  }
  return left;
}
static void keep_tries(long left) {
  char file[4096];
  snprintf(file, sizeof file, "%s.tries", getenv("SHIM_BEHAVIOUR"));
  FILE *out = fopen(file, "w");
  if (!out) return;
  fprintf(out, "%ld", left);
  fclose(out);
}

static U get_token_info(U slot, struct token_info *info) {
  ENTER(C_GetTokenInfo);
  struct n_token_info native;
  N answer = REAL(6, N, void *)(slot, &native);
  if (answer) return (U)answer;
  memcpy(info->label, native.label, 96);
  info->flags = (U)native.flags;
  for (int i = 0; i < 10; i++) info->counts[i] = (U)native.counts[i];
  long most = behave("tries", 0);
  if (most) {
    long left = tries_left();
    if (left < most) info->flags |= 0x10000;
    if (left == 1) info->flags |= 0x20000;
    if (left == 0) info->flags |= 0x40000;
  }
  if (behave("to_be_changed", 0)) info->flags |= 0x80000;
  if (behave("no_pin", 0)) info->flags &= ~(U)0x8;
  if (behave("silly_lengths", 0)) info->counts[4] = info->counts[5] = (U)-1;
  return 0;
}

static U get_mechanism_list(U slot, U *list, U *count) {
  ENTER(C_GetMechanismList);
  long only = behave("only_mechanism", 0);
  if (only) {
    if (list) list[0] = (U)only;
    *count = 1;
    return 0;
  }
  N all[512], many = 512;
  N answer = REAL(7, N, N *, N *)(slot, all, &many);
  if (answer) return (U)answer;
  for (N i = 0; list && i < many; i++) list[i] = (U)all[i];
  *count = list || !behave("zero_size", 0) ? (U)many : 0;
  return 0;
}

static U get_mechanism_info(U slot, U kind, struct mechanism_info *info) {
  ENTER(C_GetMechanismInfo);
  struct n_mechanism_info native;
  N answer = REAL(8, N, N, void *)(slot, kind, &native);
  *info = (struct mechanism_info){(U)native.least, (U)native.most, (U)native.flags};
  return (U)answer;
}

static U open_session(U slot, U flags, void *application, void *notify, U *session) {
  ENTER(C_OpenSession);
  (void)application, (void)notify;
  seen("C_OpenSession", flags);
  if (behave("read_only", 1) && (flags & 2)) return 0x05;
  N native;
  N answer = REAL(12, N, N, void *, void *, N *)(slot, flags, NULL, NULL, &native);
  *session = (U)native;
  return (U)answer;
}

static U close_session(U session) {
  may_fall("C_CloseSession");
  return (U)REAL(13, N)(session);
}
static U close_all_sessions(U slot) {
  logged_in = 0;
  return (U)REAL(14, N)(slot);
}

static U get_session_info(U session, struct session_info *info) {
  ENTER(C_GetSessionInfo);
  struct n_session_info native;
  N answer = REAL(15, N, void *)(session, &native);
  *info = (struct session_info){(U)native.slot, (U)native.state, (U)native.flags, (U)native.error};
  return (U)answer;
}

static U login(U session, U user, unsigned char *pin, U length) {
  ENTER(C_Login);
  seen("C_Login", user);
  long most = behave("tries", 0), left = most ? tries_left() : 0;
  if (most && left == 0) return 0xa4;
  long refuse = behave("login", 0);
  if (refuse) return (U)refuse;
  N answer = user == 2 ? 0 : REAL(18, N, N, void *, N)(session, user, pin, length);
  if (user == 2) context_given = 1;
  if (most && answer == 0xa0) keep_tries(left - 1);
  if (most && answer == 0) keep_tries(most);
  if (answer == 0) logged_in = 1;
  return (U)answer;
}

static U logout(U session) {
  may_fall("C_Logout");
  logged_in = 0;
  return (U)REAL(19, N)(session);
}

static U get_attribute_value(U session, U object, struct attribute *wanted, U count) {
  ENTER(C_GetAttributeValue);
  for (U i = 0; i < count; i++) {
    if (!wanted[i].value && behave("zero_size", 0)) {
      wanted[i].length = 0;
      continue;
    }
    if (wanted[i].type == 0x102 && behave("no_id", 0)) {
      wanted[i].length = 0;
      continue;
    }
    if (wanted[i].type == 0x202 && behave("always", 0)) {
      *(unsigned char *)wanted[i].value = 1;
      wanted[i].length = 1;
      continue;
    }
    struct n_attribute native = {wanted[i].type, wanted[i].value, wanted[i].length};
    N answer = REAL(24, N, N, void *, N)(session, object, &native, 1);
    // some answer how long the buffer is
    if (!behave("whole_buffer", 0)) wanted[i].length = (U)native.length;
    if (answer) return (U)answer;
  }
  return 0;
}

static U find_objects_init(U session, struct attribute *wanted, U count) {
  ENTER(C_FindObjectsInit);
  struct n_attribute native[8];
  N values[8];
  for (U i = 0; i < count && i < 8; i++) {
    // classes are CK_ULONGs themselves
    values[i] = 0;
    memcpy(&values[i], wanted[i].value, wanted[i].length);
    native[i] = (struct n_attribute){wanted[i].type, &values[i], sizeof(N)};
    if (values[i] == 3) {
      seen("private_keys_wanted", (unsigned long)logged_in);
      // its own box for the PIN, which nobody sees
      if (!logged_in) for (;;) sleep(1000);
    }
  }
  return (U)REAL(26, N, void *, N)(session, native, count);
}

static U find_objects(U session, U *list, U most, U *count) {
  ENTER(C_FindObjects);
  N found[512], many = 0;
  N answer = REAL(27, N, N *, N, N *)(session, found, most < 512 ? most : 512, &many);
  for (N i = 0; i < many; i++) list[i] = (U)found[i];
  *count = (U)many;
  return (U)answer;
}
static U find_objects_final(U session) { return (U)REAL(28, N)(session); }

static U sign_init(U session, struct mechanism *mechanism, U key) {
  ENTER(C_SignInit);
  struct n_mechanism native = {mechanism->kind, mechanism->parameter, mechanism->length};
  struct n_pss pss;
  if (mechanism->length == sizeof(struct pss)) {
    struct pss given;
    memcpy(&given, mechanism->parameter, sizeof given);
    pss = (struct n_pss){given.hash, given.mask, given.salt};
    native.parameter = &pss;
    native.length = sizeof pss;
  }
  context_given = 0;
  seen("C_SignInit", native.kind);
  return (U)REAL(42, N, void *, N)(session, &native, key);
}

static U sign(U session, unsigned char *data, U length, unsigned char *signature, U *signed_length) {
  static long made;
  ENTER(C_Sign);
  long ms = behave("slow", 0);
  if (ms) usleep((useconds_t)ms * 1000);
  long refuse = behave("sign", 0);
  if (refuse && made >= behave("sign_after", 0)) return (U)refuse;
  if (behave("always", 0) && !context_given) return 0x101;
  N native = *signed_length;
  N answer = REAL(43, N, void *, N, void *, N *)(session, data, length, signature, &native);
  *signed_length = (U)native;
  if (answer == 0) made++;
  if (answer == 0 && behave("nonsense", 0)) signature[7] ^= 1;
  return (U)answer;
}

__attribute__((visibility("default"))) U C_GetFunctionList(struct list **list) {
  static struct list mine = {.version = {2, 40},
    .functions = {
      [0] = initialize, [4] = get_slot_list, [6] = get_token_info, [7] = get_mechanism_list,
      [8] = get_mechanism_info, [12] = open_session, [13] = close_session, [14] = close_all_sessions,
      [15] = get_session_info, [18] = login, [19] = logout, [24] = get_attribute_value,
      [26] = find_objects_init, [27] = find_objects, [28] = find_objects_final, [42] = sign_init, [43] = sign,
    }};
  void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW);
  N (*get)(struct n_list **) = library ? (N (*)(struct n_list **))dlsym(library, "C_GetFunctionList") : NULL;
  if (!get || get(&real)) return 0x05;
  *list = &mine;
  return 0;
}

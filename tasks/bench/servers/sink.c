// A server that discards what it is sent and answers by a table, in one thread: `sink ANSWERS`.
//
// The table is a file of entries: a line `METHOD PATH LEAST_BODY_BYTES DELAY_US ANSWER_BYTES`, then the answer with its
// head. Of the entries of a path the last one counts whose least length the body has. The port is printed.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ANSWERS = 64, MOST_HEAD = 16384, MOST_CONNECTIONS = 4096, EVENTS = 256, DISCARD = 1 << 30 };

typedef struct {
  char method[8], path[256];
  size_t least_bytes, length;
  long delay_us;
  char *bytes;
} Answer;

typedef struct {
  int fd;
  char head[MOST_HEAD];
  size_t have, body_left;
  const Answer *answer;
} Connection;

static const char NOT_FOUND[] =
    "HTTP/1.1 404 Not Found\r\nconnection: keep-alive\r\ncontent-type: application/json\r\ncontent-length: 21\r\n\r\n{\"error\":\"not found\"}";
static Answer answers[MOST_ANSWERS];
static Answer not_found = {.bytes = (char *)NOT_FOUND, .length = sizeof NOT_FOUND - 1};
static int answer_count, poller, timer;

// Answers that wait; their delay is the same, so that the first is due first.
static struct { int fd; const Answer *answer; int64_t due_ns; } waiting[MOST_CONNECTIONS];
static unsigned first_waiting, waiting_count;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void read_answers(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  for (; answer_count < MOST_ANSWERS; answer_count++) {
    Answer *answer = &answers[answer_count];
    if (fscanf(file, "%7s %255s %zu %ld %zu", answer->method, answer->path, &answer->least_bytes, &answer->delay_us,
               &answer->length) != 5 || fgetc(file) != '\n') break;
    answer->bytes = malloc(answer->length);
    if (fread(answer->bytes, 1, answer->length, file) != answer->length) fail("an answer is cut off");
  }
  fclose(file);
}

static const Answer *answer_for(const char *head, size_t body_bytes) {
  const Answer *found = &not_found;
  for (int i = 0; i < answer_count; i++) {
    const Answer *answer = &answers[i];
    size_t method = strlen(answer->method), path = strlen(answer->path);
    if (!strncmp(head, answer->method, method) && head[method] == ' ' &&
        !strncmp(head + method + 1, answer->path, path) && head[method + 1 + path] == ' ' &&
        body_bytes >= answer->least_bytes) found = answer;
  }
  return found;
}

static void send_whole(int fd, const Answer *answer) {
  if (fd < 0) return;
  // Answers are small: one that does not fit into the socket's buffer belongs to a client that does not read.
  if (send(fd, answer->bytes, answer->length, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) fail("send");
}

static void arm_timer(void) {
  int64_t due = waiting_count ? waiting[first_waiting].due_ns : 0;
  struct itimerspec at = {.it_value = {.tv_sec = due / 1000000000LL, .tv_nsec = due % 1000000000LL}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void finish(Connection *connection) {
  const Answer *answer = connection->answer;
  connection->answer = NULL;
  if (answer->delay_us == 0) return send_whole(connection->fd, answer);
  unsigned at = (first_waiting + waiting_count++) % MOST_CONNECTIONS;
  waiting[at].fd = connection->fd;
  waiting[at].answer = answer;
  waiting[at].due_ns = now_ns() + 1000 * answer->delay_us;
  if (waiting_count == 1) arm_timer();
}

static void answer_due(void) {
  for (int64_t now = now_ns(); waiting_count && waiting[first_waiting].due_ns <= now; waiting_count--) {
    send_whole(waiting[first_waiting].fd, waiting[first_waiting].answer);
    first_waiting = (first_waiting + 1) % MOST_CONNECTIONS;
  }
  arm_timer();
}

// Takes whole heads out of what came, and as much of their bodies as came with them.
static void parse(Connection *connection) {
  for (char *end; connection->have && (end = memmem(connection->head, connection->have, "\r\n\r\n", 4));) {
    size_t head = end + 4 - connection->head, body = 0;
    *end = 0;
    char *length = strcasestr(connection->head, "\r\ncontent-length:");
    if (length) body = strtoull(length + 17, NULL, 10);
    connection->answer = answer_for(connection->head, body);
    size_t taken = connection->have - head < body ? connection->have - head : body;
    connection->body_left = body - taken;
    connection->have -= head + taken;
    memmove(connection->head, connection->head + head + taken, connection->have);
    if (connection->body_left) return;
    finish(connection);
  }
}

static int receive(Connection *connection) {
  ssize_t got;
  if (connection->body_left) {
    size_t wanted = connection->body_left < DISCARD ? connection->body_left : DISCARD;
    // The kernel drops the bytes without copying them.
    got = recv(connection->fd, NULL, wanted, MSG_TRUNC | MSG_DONTWAIT);
    if (got > 0 && (connection->body_left -= got) == 0) finish(connection);
  } else {
    got = recv(connection->fd, connection->head + connection->have, MOST_HEAD - connection->have, MSG_DONTWAIT);
    if (got > 0) {
      connection->have += got;
      parse(connection);
    }
  }
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static void drop(Connection *connection) {
  for (unsigned i = 0; i < waiting_count; i++) {
    unsigned at = (first_waiting + i) % MOST_CONNECTIONS;
    if (waiting[at].fd == connection->fd) waiting[at].fd = -1;
  }
  close(connection->fd);
  free(connection);
}

static void watch(int fd, void *data) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static void take_connection(int listener) {
  int fd = accept(listener, NULL, NULL), on = 1;
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection *connection = calloc(1, sizeof *connection);
  connection->fd = fd;
  watch(fd, connection);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  signal(SIGPIPE, SIG_IGN);
  read_answers(argv[1]);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  poller = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  watch(listener, &listener);
  watch(timer, &timer);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poller, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      void *data = events[i].data.ptr;
      if (data == &listener) take_connection(listener);
      else if (data == &timer) {
        uint64_t expirations;
        if (read(timer, &expirations, sizeof expirations) > 0) answer_due();
      } else if (!receive(data)) drop(data);
    }
  }
}

// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

// nats.c as a contender of bench/midge compare: as its users use it, with its defaults, but for pending limits, which would have
// it lose what is counted. It says "ready", and answers each line "run SECONDS" with what came of it, until "quit" or the end of
// its input.
//
//     cc -O2 -o natsc natsc.c -lnats -lpthread

#include <nats/nats.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// How long something may take that is not measured.
#define PATIENCE_MILLIS 60000

// Behind so many messages the clock is looked at.
#define BATCH 64

// How many messages a fetch is for: as many as continuous consumers of other clients ask for.
#define FETCH 500

// Times are kept to so many bits: to a part in 256.
#define SUB_BITS 8
#define CLASSES ((64 - SUB_BITS) << SUB_BITS)

#define MAX_LINE 1024

typedef struct
{
    const char *workload, *url, *subject, *stream, *consumer;
    int size, headers, subscriptions, connections, inFlight;
    char *payload;
} Job;

typedef struct
{
    int64_t wall, cpu; // nanoseconds
} Reading;

typedef struct
{
    uint32_t counts[CLASSES];
    int64_t total;
} Latencies;

// The clock and the processor time over a turn, and how many subscriptions have had their end.
typedef struct
{
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool begun;
    Reading start, end;
    int endings;
    int64_t messages;
} Meter;

typedef struct
{
    int64_t count;
} Reception;

static Job job = {.subject = "bench.compare", .subscriptions = 1, .connections = 1, .inFlight = 1};
static Meter meter = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
static natsConnection **connections;
static jsCtx *js;
static natsSubscription *pull;
static Latencies all;

static void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("error ");
    vprintf(format, args);
    printf("\n");
    fflush(stdout);
    va_end(args);
    _exit(1);
}

static void check(const char *what, natsStatus status)
{
    if (status != NATS_OK)
    {
        const char *more = nats_GetLastError(NULL);
        fail("%s: %s: %s", what, natsStatus_GetText(status), more == NULL ? "" : more);
    }
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int64_t nanos(struct timeval time)
{
    return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL;
}

static Reading reading(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (Reading){now(), nanos(usage.ru_utime) + nanos(usage.ru_stime)};
}

// Does nothing if it has begun before, and no turn has ended since.
static void begin(void)
{
    pthread_mutex_lock(&meter.lock);
    if (!meter.begun)
    {
        meter.begun = true;
        meter.start = reading();
    }
    pthread_mutex_unlock(&meter.lock);
}

// One of those that the turn is of has had so many messages, and its end. The last one counts.
static void end(int64_t messages)
{
    pthread_mutex_lock(&meter.lock);
    meter.end = reading();
    meter.messages += messages;
    meter.endings++;
    pthread_cond_signal(&meter.ended);
    pthread_mutex_unlock(&meter.lock);
}

// Waits for so many ends; how many messages they had.
static int64_t awaitEnds(int endings)
{
    pthread_mutex_lock(&meter.lock);
    while (meter.endings < endings)
    {
        pthread_cond_wait(&meter.ended, &meter.lock);
    }
    int64_t messages = meter.messages;
    meter.begun = false;
    meter.endings = 0;
    meter.messages = 0;
    pthread_mutex_unlock(&meter.lock);
    return messages;
}

// The class of a number: its highest bits, from the first that is set on.
static int class(uint64_t number)
{
    int length = number == 0 ? 0 : 64 - __builtin_clzll(number);
    int shift = length > SUB_BITS + 1 ? length - SUB_BITS - 1 : 0;
    return (shift << SUB_BITS) + (int) (number >> shift);
}

// The greatest number of a class.
static uint64_t greatest(int class)
{
    int shift = class >> SUB_BITS > 1 ? (class >> SUB_BITS) - 1 : 0;
    return ((uint64_t) (class - (shift << SUB_BITS) + 1) << shift) - 1;
}

// The latency that such a part of them does not exceed, in microseconds.
static double percentile(double part)
{
    int64_t rest = (int64_t) (part * (double) all.total);
    for (int i = 0; i < CLASSES; i++)
    {
        rest -= all.counts[i];
        if (rest <= 0 && all.counts[i] > 0)
        {
            return (double) greatest(i) / 1e3;
        }
    }
    return 0;
}

// The message of the job; NULL where it has no headers and need not be one.
static natsMsg *message(const char *subject)
{
    if (job.headers == 0)
    {
        return NULL;
    }
    natsMsg *created = NULL;
    check("make a message", natsMsg_Create(&created, subject, NULL, job.payload, job.size));
    for (int i = 1; i <= job.headers; i++)
    {
        char name[40], value[40];
        snprintf(name, sizeof(name), "Bench-Header-%d", i);
        snprintf(value, sizeof(value), "value-%d", i);
        check("set a header", natsMsgHeader_Set(created, name, value));
    }
    return created;
}

static void flush(natsConnection *nc)
{
    check("flush", natsConnection_FlushTimeout(nc, PATIENCE_MILLIS));
}

static int64_t publishFor(natsConnection *nc, int64_t duration)
{
    natsMsg *withHeaders = message(job.subject);
    int64_t sent = 0;
    for (int64_t start = now(); now() - start < duration; sent += BATCH)
    {
        for (int i = 0; i < BATCH; i++)
        {
            check(
                "publish",
                withHeaders == NULL ? natsConnection_Publish(nc, job.subject, job.payload, job.size)
                                    : natsConnection_PublishMsg(nc, withHeaders));
        }
    }
    natsMsg_Destroy(withHeaders);
    return sent;
}

static void onMessage(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *closure)
{
    Reception *reception = closure;
    if (reception->count == 0)
    {
        begin();
    }
    if (natsMsg_GetDataLength(msg) > 0)
    {
        reception->count++;
    }
    else
    {
        int64_t count = reception->count;
        reception->count = 0;
        end(count);
    }
    natsMsg_Destroy(msg);
}

static void subscribe(natsConnection *nc, int subscriptions)
{
    for (int i = 0; i < subscriptions; i++)
    {
        natsSubscription *sub = NULL;
        check("subscribe", natsConnection_Subscribe(&sub, nc, job.subject, onMessage, calloc(1, sizeof(Reception))));
        check("set pending limits", natsSubscription_SetPendingLimits(sub, -1, -1));
    }
    flush(nc);
}

static int64_t loop(int64_t duration)
{
    begin();
    int64_t sent = publishFor(connections[1], duration);
    check("publish the end", natsConnection_Publish(connections[1], job.subject, NULL, 0));
    flush(connections[1]);
    int64_t received = awaitEnds(1);
    if (received != sent)
    {
        fail("lost %lld of %lld messages", (long long) (sent - received), (long long) sent);
    }
    return received;
}

typedef struct
{
    pthread_t thread;
    int64_t until;
    Latencies latencies;
} Requester;

static void *request(void *closure)
{
    Requester *own = closure;
    natsMsg *withHeaders = message("bench.echo");
    for (int64_t start = now(); start < own->until;)
    {
        natsMsg *reply = NULL;
        check(
            "request",
            withHeaders == NULL
                ? natsConnection_Request(&reply, connections[0], "bench.echo", job.payload, job.size, PATIENCE_MILLIS)
                : natsConnection_RequestMsg(&reply, connections[0], withHeaders, PATIENCE_MILLIS));
        natsMsg_Destroy(reply);
        int64_t then = now();
        own->latencies.counts[class((uint64_t) (then - start))]++;
        own->latencies.total++;
        start = then;
    }
    natsMsg_Destroy(withHeaders);
    return NULL;
}

static int64_t requests(int inFlight, int64_t duration)
{
    Requester *requesters = calloc((size_t) inFlight, sizeof(Requester));
    memset(&all, 0, sizeof(all));
    begin();
    int64_t until = now() + duration;
    for (int i = 0; i < inFlight; i++)
    {
        requesters[i].until = until;
        if (i > 0 && pthread_create(&requesters[i].thread, NULL, request, &requesters[i]) != 0)
        {
            fail("cannot start thread %d", i);
        }
    }
    request(&requesters[0]);
    for (int i = 1; i < inFlight; i++)
    {
        pthread_join(requesters[i].thread, NULL);
    }
    end(0);
    awaitEnds(1);
    for (int i = 0; i < inFlight; i++)
    {
        for (int j = 0; j < CLASSES; j++)
        {
            all.counts[j] += requesters[i].latencies.counts[j];
        }
        all.total += requesters[i].latencies.total;
    }
    free(requesters);
    return all.total;
}

static void onRefusal(jsCtx *context, jsPubAckErr *refusal, void *closure)
{
    fail("not acknowledged: %s: %s", natsStatus_GetText(refusal->Err), refusal->ErrText == NULL ? "" : refusal->ErrText);
}

// Tries again where the client has waited for room for as long as it does by default.
static void store(void)
{
    natsStatus status;
    do
    {
        natsMsg *withHeaders = message(job.subject);
        status = withHeaders == NULL ? js_PublishAsync(js, job.subject, job.payload, job.size, NULL)
                                     : js_PublishMsgAsync(js, &withHeaders, NULL);
        natsMsg_Destroy(withHeaders); // where it was not taken
    } while (status == NATS_TIMEOUT);
    check("publish to the stream", status);
}

static int64_t storeFor(int64_t duration)
{
    jsPubOptions patient;
    jsPubOptions_Init(&patient);
    patient.MaxWait = PATIENCE_MILLIS;
    int64_t sent = 0;
    begin();
    for (int64_t start = now(); now() - start < duration; sent += BATCH)
    {
        for (int i = 0; i < BATCH; i++)
        {
            store();
        }
    }
    check("await acks", js_PublishAsyncComplete(js, &patient));
    end(sent);
    return awaitEnds(1);
}

// There are no continuous consumers here: what is there is fetched, again and again.
static int64_t consume(void)
{
    jsFetchRequest fetch;
    jsFetchRequest_Init(&fetch);
    fetch.Batch = FETCH;
    fetch.NoWait = true; // not for more than are there
    fetch.Expires = PATIENCE_MILLIS * 1000000LL;
    int64_t count = 0;
    for (bool over = false; !over;)
    {
        natsMsgList list = {NULL, 0};
        natsStatus status = natsSubscription_FetchRequest(&list, pull, &fetch);
        if (status != NATS_OK && status != NATS_TIMEOUT && status != NATS_NOT_FOUND)
        {
            check("fetch", status);
        }
        for (int i = 0; i < list.Count; i++)
        {
            begin();
            check("ack", natsMsg_Ack(list.Msgs[i], NULL));
            over = natsMsg_GetDataLength(list.Msgs[i]) == 0;
            count += over ? 0 : 1;
        }
        natsMsgList_Destroy(&list);
    }
    flush(connections[0]);
    end(count);
    return awaitEnds(1);
}

// Takes its time: that is not measured.
static natsConnection *connectOne(void)
{
    natsConnection *nc = NULL;
    natsOptions *options = NULL;
    check("make options", natsOptions_Create(&options));
    check("set the server", natsOptions_SetURL(options, job.url));
    check("set the timeout", natsOptions_SetTimeout(options, PATIENCE_MILLIS));
    check("connect", natsConnection_Connect(&nc, options));
    natsOptions_Destroy(options);
    return nc;
}

static bool is(const char *workload)
{
    return strcmp(job.workload, workload) == 0;
}

static void prepare(void)
{
    int count = is("publish-subscribe") ? 2 : is("connections") ? job.connections : 1;
    connections = calloc((size_t) count, sizeof(natsConnection *));
    for (int i = 0; i < count; i++)
    {
        connections[i] = connectOne();
    }
    if (is("subscribe") || is("fan-out"))
    {
        subscribe(connections[0], job.subscriptions);
    }
    else if (is("publish-subscribe"))
    {
        subscribe(connections[0], 1);
    }
    else if (is("connections") || is("idle"))
    {
        for (int i = 0; i < count; i++)
        {
            subscribe(connections[i], 1);
        }
    }
    else if (is("js-publish") || is("js-consume"))
    {
        jsOptions options;
        jsOptions_Init(&options);
        options.Wait = PATIENCE_MILLIS;
        options.PublishAsync.MaxPending = job.inFlight;
        options.PublishAsync.ErrHandler = onRefusal;
        check("use JetStream", natsConnection_JetStream(&js, connections[0], &options));
    }
    if (is("js-consume"))
    {
        jsSubOptions options;
        jsSubOptions_Init(&options);
        options.Stream = job.stream;
        options.Consumer = job.consumer;
        check("use the consumer", js_PullSubscribe(&pull, js, job.subject, job.consumer, NULL, &options, NULL));
        check("set pending limits", natsSubscription_SetPendingLimits(pull, -1, -1));
    }
}

static int64_t run(int64_t duration)
{
    if (is("publish"))
    {
        begin();
        int64_t sent = publishFor(connections[0], duration);
        flush(connections[0]);
        end(sent);
        return awaitEnds(1);
    }
    if (is("subscribe") || is("fan-out"))
    {
        return awaitEnds(job.subscriptions);
    }
    if (is("publish-subscribe"))
    {
        return loop(duration);
    }
    if (is("request"))
    {
        return requests(1, duration);
    }
    if (is("request-many"))
    {
        return requests(job.inFlight, duration);
    }
    if (is("js-publish"))
    {
        return storeFor(duration);
    }
    if (is("js-consume"))
    {
        return consume();
    }
    if (is("connections") || is("idle"))
    {
        begin();
        nats_Sleep(duration / 1000000);
        end(0);
        return awaitEnds(1);
    }
    fail("unknown workload: %s", job.workload);
    return 0;
}

static int number(const char *name, const char *text)
{
    char *rest;
    long value = strtol(text, &rest, 10);
    if (*text == 0 || *rest != 0 || value < 0 || value > 1 << 24)
    {
        fail("%s is %s, but has to be a number", name, text);
    }
    return (int) value;
}

static void parse(int count, char **args)
{
    const char *ignored; // the parent's concern
    struct
    {
        const char *name;
        const char **text;
        int *number;
    } known[] = {
        {"--workload", &job.workload, NULL},
        {"--url", &job.url, NULL},
        {"--subject", &job.subject, NULL},
        {"--stream", &job.stream, NULL},
        {"--consumer", &job.consumer, NULL},
        {"--storage", &ignored, NULL},
        {"--cluster", &ignored, NULL},
        {"--size", NULL, &job.size},
        {"--headers", NULL, &job.headers},
        {"--subscriptions", NULL, &job.subscriptions},
        {"--connections", NULL, &job.connections},
        {"--in-flight", NULL, &job.inFlight},
    };
    const int options = sizeof(known) / sizeof(known[0]);
    for (int i = 1; i < count; i += 2)
    {
        int at = 0;
        while (at < options && strcmp(known[at].name, args[i]) != 0)
        {
            at++;
        }
        if (at == options || i + 1 == count)
        {
            fail("unknown argument, or one without a value: %s", args[i]);
        }
        if (known[at].text != NULL)
        {
            *known[at].text = args[i + 1];
        }
        else
        {
            *known[at].number = number(args[i], args[i + 1]);
        }
    }
    if (job.workload == NULL || job.url == NULL)
    {
        fail("--workload and --url are needed");
    }
    job.payload = malloc((size_t) job.size + 1);
    memset(job.payload, 'x', (size_t) job.size);
}

static void answer(int64_t messages)
{
    printf(
        "{\"messages\":%lld,\"seconds\":%.6f,\"cpuSeconds\":%.6f",
        (long long) messages,
        (double) (meter.end.wall - meter.start.wall) / 1e9,
        (double) (meter.end.cpu - meter.start.cpu) / 1e9);
    if (is("request") || is("request-many"))
    {
        printf(
            ",\"p50Micros\":%.2f,\"p99Micros\":%.2f,\"p999Micros\":%.2f",
            percentile(0.5),
            percentile(0.99),
            percentile(0.999));
    }
    printf("}\n");
    fflush(stdout);
}

int main(int count, char **args)
{
    parse(count, args);
    prepare();
    printf("ready {\"client\":\"nats.c %s\"}\n", nats_GetVersion());
    fflush(stdout);
    char line[MAX_LINE];
    while (fgets(line, sizeof(line), stdin) != NULL && strcmp(line, "quit\n") != 0)
    {
        double seconds;
        if (sscanf(line, "run %lf", &seconds) != 1)
        {
            fail("cannot understand the line: %s", line);
        }
        answer(run((int64_t) (seconds * 1e9)));
    }
    fflush(stdout);
    _exit(0); // the system takes back what is left; nothing waits to be written
}

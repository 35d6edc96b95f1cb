import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from changxiao.ledger import triggers


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('ledger', '0001_initial'),
        ('ledger', '0002_photo'),
        ('ledger', '0003_beside_cases'),
        ('ledger', '0004_document'),
        ('ledger', '0005_public_pictures'),
        ('ledger', '0006_recording'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='编号')),
                ('size', models.PositiveBigIntegerField(verbose_name='记录数')),
                ('root', models.CharField(max_length=64, verbose_name='根校验值')),
                ('note', models.TextField(verbose_name='签名文本')),
                ('signed_at', models.DateTimeField(verbose_name='签署时间')),
            ],
            options={
                'verbose_name': '检查点',
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('consumer', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='消费者')),
                ('position', models.PositiveBigIntegerField(default=0, verbose_name='位置')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='失败次数')),
                ('retry_at', models.DateTimeField(null=True, verbose_name='再试时间')),
            ],
            options={
                'verbose_name': '读取位置',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=120, verbose_name='记录流')),
                ('n', models.PositiveIntegerField(verbose_name='序号')),
                ('verb', models.CharField(max_length=64, verbose_name='动作')),
                ('actor', models.CharField(max_length=64, verbose_name='办理人')),
                ('on_behalf', models.CharField(blank=True, max_length=64, verbose_name='代办对象')),
                ('act_key', models.CharField(max_length=80, verbose_name='动作键')),
                ('occurred_at', models.DateTimeField(null=True, verbose_name='发生时间')),
                ('at', models.DateTimeField(verbose_name='法定时间')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('body', models.TextField(verbose_name='内容')),
                ('prev', models.CharField(max_length=64, verbose_name='前一校验值')),
                ('hash', models.CharField(max_length=64, verbose_name='校验值')),
            ],
            options={
                'verbose_name': '记录',
                'ordering': ('stream', 'n'),
                'indexes': [models.Index(condition=models.Q(django.db.models.expressions.RawSQL("substr(stream, 1, 5) <> 'case:'", (), models.BooleanField())), fields=['id'], name='entry_beside_cases')],
                'constraints': [models.UniqueConstraint(fields=('act_key',), name='entry_key_once'), models.UniqueConstraint(fields=('stream', 'n'), name='entry_place_once')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='校验值')),
                ('bytes', models.PositiveIntegerField(verbose_name='字节数')),
                ('type', models.CharField(max_length=16, verbose_name='类型')),
                ('width', models.PositiveIntegerField(null=True, verbose_name='宽')),
                ('height', models.PositiveIntegerField(null=True, verbose_name='高')),
                ('pages', models.PositiveIntegerField(null=True, verbose_name='页数')),
                ('duration_ms', models.PositiveIntegerField(null=True, verbose_name='时长（毫秒）')),
                ('sound', models.BooleanField(default=False, verbose_name='有声音')),
                ('rendition_sha256', models.CharField(blank=True, db_index=True, max_length=64, verbose_name='展示件校验值')),
                ('rendition_bytes', models.PositiveIntegerField(default=0, verbose_name='展示件字节数')),
                ('thumbnail_sha256', models.CharField(blank=True, max_length=64, verbose_name='缩略图校验值')),
                ('pipeline', models.CharField(max_length=16, verbose_name='处理版本')),
                ('phash', models.CharField(blank=True, db_index=True, max_length=16, verbose_name='感知指纹')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='拍摄时间')),
                ('lon', models.DecimalField(decimal_places=7, max_digits=10, null=True, verbose_name='经度')),
                ('lat', models.DecimalField(decimal_places=7, max_digits=10, null=True, verbose_name='纬度')),
                ('evidence', models.JSONField(verbose_name='拍摄信息')),
                ('uploaded_by', models.CharField(max_length=64, verbose_name='上传人')),
                ('created_at', models.DateTimeField(verbose_name='接收时间')),
                ('head', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry', verbose_name='最后一条记录')),
            ],
            options={
                'verbose_name': '照片',
                'indexes': [models.Index(fields=['uploaded_by', 'created_at'], name='photo_uploader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('bytes__gt', 0)), name='photo_not_empty'), models.CheckConstraint(condition=models.Q(models.Q(('height', None), ('phash', ''), ('rendition_sha256', ''), ('type', 'application/pdf'), ('width', None), ('duration_ms', None), ('sound', False)), models.Q(('duration_ms__isnull', False), ('pages', None), ('type__in', {'audio/mp4': 'm4a', 'audio/ogg': 'ogg', 'audio/webm': 'weba', 'video/mp4': 'mp4', 'video/webm': 'webm'}), ('phash', ''), ('rendition_sha256', '')), models.Q(models.Q(('type__in', ['application/pdf', 'video/webm', 'audio/webm', 'video/mp4', 'audio/mp4', 'audio/ogg']), _negated=True), ('height__isnull', False), ('pages', None), ('width__isnull', False), ('duration_ms', None), ('sound', False), models.Q(('rendition_sha256', ''), _negated=True)), _connector='OR'), name='photo_picture_paper_or_clip')],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='作业')),
                ('beat_at', models.DateTimeField(verbose_name='最近完成')),
                ('period', models.PositiveIntegerField(verbose_name='周期')),
                ('error', models.TextField(blank=True, verbose_name='错误')),
            ],
            options={
                'verbose_name': '心跳',
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('index', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='位置')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='leaf', to='ledger.entry')),
                ('hash', models.CharField(max_length=64, verbose_name='叶校验值')),
            ],
            options={
                'verbose_name': '叶',
            },
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(verbose_name='层')),
                ('index', models.PositiveBigIntegerField(verbose_name='位置')),
                ('hash', models.CharField(max_length=64, verbose_name='校验值')),
            ],
            options={
                'verbose_name': '节点',
                'constraints': [models.UniqueConstraint(fields=('level', 'index'), name='node_place_once')],
            },
        ),
        migrations.CreateModel(
            name='Parked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumer', models.CharField(max_length=64, verbose_name='消费者')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('error', models.TextField(verbose_name='错误')),
                ('parked_at', models.DateTimeField(verbose_name='搁置时间')),
            ],
            options={
                'verbose_name': '搁置',
                'constraints': [models.UniqueConstraint(fields=('consumer', 'entry'), name='parked_once')],
            },
        ),
        migrations.CreateModel(
            name='PrivateValue',
            fields=[
                ('commit', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='承诺值')),
                ('salt', models.CharField(max_length=32, verbose_name='盐')),
                ('value', models.TextField(verbose_name='值')),
            ],
            options={
                'verbose_name': '个人信息',
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='ledger.photo')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='校验值')),
                ('bytes', models.PositiveIntegerField(verbose_name='字节数')),
                ('thumbnail_sha256', models.CharField(max_length=64, verbose_name='缩略图校验值')),
                ('boxes', models.JSONField(default=list)),
                ('pipeline', models.CharField(max_length=16, verbose_name='处理版本')),
                ('head', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'verbose_name': '遮挡件',
            },
        ),
        migrations.CreateModel(
            name='Detection',
            fields=[
                ('photo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='detection', serialize=False, to='ledger.photo')),
                ('boxes', models.JSONField(default=list)),
                ('detector', models.CharField(blank=True, max_length=64, verbose_name='检测器')),
                ('sure', models.BooleanField(default=False, verbose_name='有把握')),
                ('fault', models.CharField(blank=True, max_length=40)),
                ('head', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'verbose_name': '检测',
                'constraints': [models.CheckConstraint(condition=models.Q(('sure', False), models.Q(('detector', ''), _negated=True), _connector='OR'), name='detection_sure_by')],
            },
        ),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
